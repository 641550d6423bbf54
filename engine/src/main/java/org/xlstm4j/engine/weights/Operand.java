package org.xlstm4j.engine.weights;

import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.kernels.ActivationKernels;
import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.kernels.RowKernels;
import org.xlstm4j.engine.kernels.dispatch.Kernels;
import org.xlstm4j.engine.machine.Machine;
import org.xlstm4j.engine.machine.ProductKernels;
import org.xlstm4j.engine.machine.TokenVectors;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;

/**
 * A few tokens about to be multiplied by weights, in the forms the weight types ask for. Each form
 * is made once, however many matrices share the input. Belongs to a {@link Workspace}.
 */
final class Operand {
  static final int MAX_TOKENS = RowKernels.MAX_TOKENS;

  private float[] plain = new float[0];
  private float[] split = new float[0];
  private int[] quantized = new int[0];
  private float[] scales = new float[0];
  private int[] sums = new int[0];
  private int[] q8Factors = new int[0];
  private int[] q4Factors = new int[0];
  private @Nullable TokenVectors vectors;
  private int tokens;
  private boolean hasVectors;
  private boolean hasPlain;
  private boolean hasSplit;
  private boolean hasQuantized;
  private boolean hasQ8Factors;
  private boolean hasQ4Factors;

  /** New tokens are to come: all forms are out of date. */
  void clear() {
    hasVectors = false;
    hasPlain = false;
    hasSplit = false;
    hasQuantized = false;
    hasQ8Factors = false;
    hasQ4Factors = false;
  }

  /**
   * Takes tokens in and makes the form that a matrix is multiplied by.
   *
   * @param group how many tokens are multiplied at once
   */
  void set(Columns x, int first, int tokenCount, int group, Matrix matrix) {
    tokens = tokenCount;
    int columns = matrix.columns();
    ProductKernels products = matrix.products(group);
    if (products != null) {
      TokenVectors off = vectors();
      if (!hasVectors) {
        int size = products.size(tokenCount);
        off.set(x.data(), x.at(first), x.stride(), tokenCount, size, columns);
        hasVectors = true;
      }
      off.prepare(products.format());
      return;
    }
    switch (matrix.type()) {
      case F32, F16 -> {
        if (!hasPlain) {
          setPlain(x, first, tokenCount, columns);
        }
      }
      case BF16 -> {
        if (!hasSplit) {
          setSplit(x, first, tokenCount, columns);
        }
      }
      case Q8, Q4 -> {
        if (!hasQuantized) {
          setQuantized(x, first, tokenCount, columns);
        }
        int length = tokenCount * PanelKernels.blocks(columns) * PanelKernels.COLUMNS;
        if (matrix.type() == WeightType.Q8 && !hasQ8Factors) {
          setQ8Factors(length);
        }
        if (matrix.type() == WeightType.Q4 && !hasQ4Factors) {
          setQ4Factors(length);
        }
      }
    }
  }

  private void setPlain(Columns x, int first, int tokenCount, int columns) {
    plain = sized(plain, tokenCount * columns);
    for (int token = 0; token < tokenCount; token++) {
      System.arraycopy(x.data(), x.at(first + token), plain, token * columns, columns);
    }
    hasPlain = true;
  }

  private void setSplit(Columns x, int first, int tokenCount, int columns) {
    split = sized(split, tokenCount * columns);
    for (int token = 0; token < tokenCount; token++) {
      Kernels.halves().split(x.data(), x.at(first + token), columns, split, token * columns);
    }
    hasSplit = true;
  }

  private void setQuantized(Columns x, int first, int tokenCount, int columns) {
    int blocks = PanelKernels.blocks(columns);
    int width = blocks * PanelKernels.COLUMNS;
    if (quantized.length < tokenCount * width) {
      quantized = new int[tokenCount * width];
    }
    scales = sized(scales, tokenCount * blocks);
    if (sums.length < tokenCount * blocks) {
      sums = new int[tokenCount * blocks];
    }
    for (int token = 0; token < tokenCount; token++) {
      Kernels.activations()
          .quantize(
              x.data(),
              x.at(first + token),
              columns,
              quantized,
              token * width,
              scales,
              sums,
              token * blocks);
    }
    hasQuantized = true;
  }

  private void setQ8Factors(int length) {
    int words = length / PanelKernels.COLUMNS * PanelKernels.Q8_FACTORS;
    if (q8Factors.length < words) {
      q8Factors = new int[words];
    }
    Kernels.activations().q8Factors(quantized, length, q8Factors);
    hasQ8Factors = true;
  }

  private void setQ4Factors(int length) {
    int words = length / PanelKernels.COLUMNS * PanelKernels.Q4_FACTORS;
    if (q4Factors.length < words) {
      q4Factors = new int[words];
    }
    Kernels.activations().q4Factors(quantized, length, q4Factors);
    hasQ4Factors = true;
  }

  int tokens() {
    return tokens;
  }

  /** The forms that machine code reads. */
  TokenVectors vectors() {
    TokenVectors found = vectors;
    if (found == null) {
      found = Machine.ofProcess().newTokens();
      vectors = found;
    }
    return found;
  }

  /** Values in order. */
  float[] plain() {
    return plain;
  }

  /** Even columns first, then odd ones. */
  float[] split() {
    return split;
  }

  /**
   * The quantized values as {@link ActivationKernels#q8Factors} makes them, whole blocks a token.
   */
  int[] q8Factors() {
    return q8Factors;
  }

  /**
   * The quantized values as {@link ActivationKernels#q4Factors} makes them, whole blocks a token.
   */
  int[] q4Factors() {
    return q4Factors;
  }

  /** The scale of each block. */
  float[] scales() {
    return scales;
  }

  /** The sum of each block's quantized values. */
  int[] sums() {
    return sums;
  }

  private static float[] sized(float[] buffer, int length) {
    return buffer.length >= length ? buffer : new float[length];
  }
}
