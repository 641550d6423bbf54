/**
 * A small assembler for A64, the instruction set of AArch64: typed operands and the instructions
 * that the kernels use, each a word of 32 bits.
 */
@org.jspecify.annotations.NullMarked
package org.xlstm4j.engine.machine.arm.assembler;
