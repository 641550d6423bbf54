package org.xlstm4j.engine;

import org.xlstm4j.engine.kernels.RowKernels;

/**
 * A few tokens about to be multiplied by weights, in the forms the weight types ask for. Each form
 * is made once, however many matrices share the input. Belongs to a {@link Workspace}.
 */
final class Operand {
  static final int MAX_TOKENS = RowKernels.MAX_TOKENS;

  private float[] plain = new float[0];
  private float[] split = new float[0];
  private int tokens;

  /** Takes the tokens in, one after the other without gaps, and makes the form for {@code type}. */
  void set(Columns x, int tokenCount, int columns, WeightType type) {
    tokens = tokenCount;
    switch (type) {
      case F32, F16 -> {
        plain = sized(plain, tokenCount * columns);
        for (int token = 0; token < tokenCount; token++) {
          int from = x.at(token);
          System.arraycopy(x.data(), from, plain, token * columns, columns);
        }
      }
      case BF16 -> {
        split = sized(split, tokenCount * columns);
        for (int token = 0; token < tokenCount; token++) {
          RowKernels.split(x.data(), x.at(token), columns, split, token * columns);
        }
      }
      case Q8, Q4 -> throw new IllegalArgumentException("no form for " + type);
    }
  }

  int tokens() {
    return tokens;
  }

  /** Values in order. */
  float[] plain() {
    return plain;
  }

  /** Even columns first, then odd ones. */
  float[] split() {
    return split;
  }

  private static float[] sized(float[] buffer, int length) {
    return buffer.length >= length ? buffer : new float[length];
  }
}
