/**
 * Kernels: each family is an interface with a scalar implementation, its specification, and a SIMD
 * one.
 */
@NullMarked
package org.xlstm4j.engine.kernels;

import org.jspecify.annotations.NullMarked;
