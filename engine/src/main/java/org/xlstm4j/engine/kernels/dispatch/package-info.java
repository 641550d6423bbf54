/**
 * Which kernels are in use: scalar ones at once, SIMD ones when they are compiled, or machine code.
 */
@NullMarked
package org.xlstm4j.engine.kernels.dispatch;

import org.jspecify.annotations.NullMarked;
