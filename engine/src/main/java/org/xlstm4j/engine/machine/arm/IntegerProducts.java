package org.xlstm4j.engine.machine.arm;

import org.xlstm4j.engine.kernels.RowKernels;
import org.xlstm4j.engine.machine.code.MachineLevel;

/** By which instructions 8-bit integers are multiplied. */
enum IntegerProducts {
  /** {@code smull} and {@code smlal}: products of 16 bits, which all processors have. */
  WIDENING,
  /** {@code sdot}: four products are added to each lane. */
  FOURS,
  /** {@code smmla}: eight products of each of two rows and two tokens are added. */
  MATRICES;

  /** The best that a level has for so many tokens. */
  static IntegerProducts of(MachineLevel level, int tokens) {
    if (!level.hasIntegerProducts()) {
      return WIDENING;
    }
    // fewer tokens wait for memory, not for arithmetic
    boolean many = tokens > RowKernels.MAX_TOKENS;
    return many && level == MachineLevel.NEON_I8MM ? MATRICES : FOURS;
  }

  /** Vectors of sums that a token and a vector of rows take. */
  int sums() {
    return this == WIDENING ? 2 : 1;
  }
}
