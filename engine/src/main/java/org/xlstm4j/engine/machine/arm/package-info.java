/** The kernels for AArch64, the 64-bit processors of ARM, with NEON vectors of 128 bits. */
@org.jspecify.annotations.NullMarked
package org.xlstm4j.engine.machine.arm;
