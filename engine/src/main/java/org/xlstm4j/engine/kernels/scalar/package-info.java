/** Scalar implementations of the kernels. */
@NullMarked
package org.xlstm4j.engine.kernels.scalar;

import org.jspecify.annotations.NullMarked;
