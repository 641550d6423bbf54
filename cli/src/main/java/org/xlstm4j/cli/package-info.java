/** Placeholder. */
@NullMarked
package org.xlstm4j.cli;

import org.jspecify.annotations.NullMarked;
