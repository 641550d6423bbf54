/** The one reader of JSON, with its rules and limits. */
@NullMarked
package org.xlstm4j.loader.json;

import org.jspecify.annotations.NullMarked;
