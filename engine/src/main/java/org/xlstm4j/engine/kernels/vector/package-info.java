/** Implementations of the kernels with the Vector API. */
@NullMarked
package org.xlstm4j.engine.kernels.vector;

import org.jspecify.annotations.NullMarked;
