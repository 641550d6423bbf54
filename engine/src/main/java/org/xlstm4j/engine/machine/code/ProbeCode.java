package org.xlstm4j.engine.machine.code;

import java.util.Optional;

/**
 * Loops that reach a limit of the machine, with vectors of one size. Loops over memory take the
 * memory, where the range begins, and the bytes of a stream, a multiple of 128; the streams lie one
 * behind the other. Loops of arithmetic take nothing and a number of rounds.
 */
public interface ProbeCode {
  /**
   * Reads memory.
   *
   * @param streams 1, 2, 4 or 8, side by side
   * @param ahead how many bytes ahead lines are asked for; 0 if they are not
   */
  Code read(int streams, int ahead);

  /** As {@link #read}, and writes each float {@code x} back as {@code 0.5 x + 0.5}. */
  Code update(int streams, int ahead);

  /** Multiplies and adds floats. */
  Code multiplyAdd();

  /** Multiplies and adds 8-bit integers. */
  Code integerMultiplyAdd();

  /** Products of floats a round of {@link #multiplyAdd}. */
  int products();

  /** Multiplies and adds bfloat16 numbers in tiles; empty where the processor has none. */
  default Optional<Code> tileMultiplyAdd() {
    return Optional.empty();
  }

  /** Products of floats with such numbers a round of {@link #tileMultiplyAdd}. */
  default int tileProducts() {
    return 0;
  }

  /** Products of integers a round of {@link #integerMultiplyAdd}. */
  int integerProducts();
}
