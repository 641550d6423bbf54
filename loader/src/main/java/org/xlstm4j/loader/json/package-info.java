/** The one JSON reader, with its limits. */
@NullMarked
package org.xlstm4j.loader.json;

import org.jspecify.annotations.NullMarked;
