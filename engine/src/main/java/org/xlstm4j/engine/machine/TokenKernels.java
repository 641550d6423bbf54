package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.xlstm4j.engine.machine.code.ActivationBlock;
import org.xlstm4j.engine.machine.code.KernelCode;

/**
 * The kernels that bring tokens into the forms of {@link TokenVectors}; the same for all levels.
 * Immutable and thread-safe.
 *
 * @param quantizing code of {@link KernelCode#activationQuantizer}
 * @param splitting code of {@link KernelCode#columnSplitter}
 */
record TokenKernels(MemorySegment quantizing, MemorySegment splitting) {
  static TokenKernels make(KernelCode code) {
    MemorySegment[] codes =
        CodeMemory.executable(List.of(code.activationQuantizer(), code.columnSplitter()));
    return new TokenKernels(codes[0], codes[1]);
  }

  /**
   * Quantizes one token's values.
   *
   * @param from offset of the values, whole blocks
   * @param to offset of the first {@link ActivationBlock}
   * @param step bytes between two of them
   */
  void quantize(
      MemorySegment values, long from, MemorySegment target, long to, int blocks, int step) {
    NativeCall.call(quantizing, values, from, target.address() + to, blocks, step, 0);
  }

  /**
   * Splits one token's values into even and odd columns.
   *
   * @param from offset of the values
   * @param even offset of the even columns
   * @param odd offset of the odd columns
   * @param pieces of 16 values
   */
  void split(
      MemorySegment values, long from, MemorySegment target, long even, long odd, int pieces) {
    long address = target.address();
    NativeCall.call(splitting, values, from, address + even, address + odd, pieces, 0);
  }
}
