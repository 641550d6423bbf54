package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Loops that do nothing but reach a limit of the machine: memory read, memory read and written,
 * multiplications and additions. Any other kernel can at best be as fast.
 *
 * <p>Which loop comes nearest depends on the machine: on how many streams its prefetchers follow,
 * on the width of vectors it likes best. So there are several for each limit, of which the fastest
 * counts. An implementation with other instructions adds its own; every loop must be fast only once
 * it is compiled.
 */
public interface ProbeKernels {
  /** Ranges of {@link MemoryLoop}s are multiples of so many bytes. */
  int MULTIPLE = 16 << 10;

  /** Walks over memory. */
  @FunctionalInterface
  interface MemoryLoop {
    /**
     * Walks over a range, each byte once.
     *
     * @param memory floats
     * @param from offset of the first byte
     * @param to end of the range, {@code from} plus a multiple of {@link #MULTIPLE}
     * @return a result of all that was read, so that no load can be left out
     */
    float run(MemorySegment memory, long from, long to);
  }

  /** Computes in registers. */
  @FunctionalInterface
  interface Arithmetic {
    /**
     * Multiplies and adds.
     *
     * @param x any number
     * @param rounds how often
     * @return the total of the loop's sums, so that none can be left out
     */
    float run(float x, int rounds);
  }

  /**
   * A loop of arithmetic.
   *
   * @param loop does it
   * @param products of one round
   */
  record ArithmeticLoop(Arithmetic loop, int products) {}

  /**
   * Ways to read memory: the result is the sum of the floats, in some order.
   *
   * @return at least one
   */
  List<MemoryLoop> reads();

  /**
   * Ways to read memory and write it back: each float becomes {@code 0.5 x + 0.5}.
   *
   * @return at least one
   */
  List<MemoryLoop> updates();

  /**
   * Ways to multiply and add 32-bit floats: each of a round's sums becomes {@code x * sum + x}.
   *
   * @return at least one
   */
  List<ArithmeticLoop> multiplyAdds();

  /**
   * Ways to multiply and add small integers, as quantized weights and activations are: each of a
   * round's sums becomes {@code x * sum + x}, in whatever number of bits.
   *
   * @return at least one
   */
  List<ArithmeticLoop> integerMultiplyAdds();
}
