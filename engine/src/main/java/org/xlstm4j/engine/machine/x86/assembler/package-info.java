/**
 * A small assembler for x86-64: typed operands, the instructions that the kernels use, their VEX
 * and EVEX forms.
 */
@org.jspecify.annotations.NullMarked
package org.xlstm4j.engine.machine.x86.assembler;
