/**
 * What kernels of machine code are asked for, by which levels of processors, and how their operands
 * lie: all that the instruction sets have in common.
 */
@org.jspecify.annotations.NullMarked
package org.xlstm4j.engine.machine.code;
