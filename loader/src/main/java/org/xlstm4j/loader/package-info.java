/** Placeholder. */
@NullMarked
package org.xlstm4j.loader;

import org.jspecify.annotations.NullMarked;
