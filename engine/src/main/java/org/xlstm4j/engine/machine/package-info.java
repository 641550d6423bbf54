/**
 * Kernels written as machine code: executable memory, what the processor offers, one call handle,
 * and a class a kernel.
 */
@org.jspecify.annotations.NullMarked
package org.xlstm4j.engine.machine;
