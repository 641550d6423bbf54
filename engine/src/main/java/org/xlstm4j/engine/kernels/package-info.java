/**
 * Kernels: each family is an interface, its scalar implementation the specification. What the
 * implementations share lies here too.
 */
@NullMarked
package org.xlstm4j.engine.kernels;

import org.jspecify.annotations.NullMarked;
