package org.xlstm4j.engine.layers;

import org.xlstm4j.engine.kernels.dispatch.Kernels;
import org.xlstm4j.engine.tokens.Columns;

/**
 * Elementwise functions over the first {@code width} columns of {@code count} tokens, from token
 * {@code first} on. Outputs must not overlap inputs unless it says so.
 */
public final class Elementwise {
  private Elementwise() {}

  /** {@code y = x sigmoid(x)}. */
  public static void silu(Columns x, int first, int count, int width, Columns y) {
    for (int token = first; token < first + count; token++) {
      Kernels.math().silu(x.data(), x.at(token), width, y.data(), y.at(token));
    }
  }

  /** {@code y = sigmoid(gate) x}. */
  public static void sigmoidGate(
      Columns gate, Columns x, int first, int count, int width, Columns y) {
    for (int token = first; token < first + count; token++) {
      Kernels.math()
          .sigmoidGate(
              gate.data(), gate.at(token), x.data(), x.at(token), width, y.data(), y.at(token));
    }
  }

  /** {@code y = silu(gate) x} with {@code silu(g) = g sigmoid(g)}. */
  public static void siluGate(Columns gate, Columns x, int first, int count, int width, Columns y) {
    for (int token = first; token < first + count; token++) {
      Kernels.math()
          .siluGate(
              gate.data(), gate.at(token), x.data(), x.at(token), width, y.data(), y.at(token));
    }
  }

  /**
   * {@code y = gelu(gate) x} with {@code gelu(g) = g Phi(g)}, the exact form with the error
   * function.
   */
  public static void geluGate(Columns gate, Columns x, int first, int count, int width, Columns y) {
    for (int token = first; token < first + count; token++) {
      Kernels.math()
          .geluGate(
              gate.data(), gate.at(token), x.data(), x.at(token), width, y.data(), y.at(token));
    }
  }

  /** {@code y = max(x, 0)}; {@code y} may be {@code x}. */
  public static void relu(Columns x, int first, int count, int width, Columns y) {
    for (int token = first; token < first + count; token++) {
      int from = x.at(token);
      int to = y.at(token);
      for (int i = 0; i < width; i++) {
        y.data()[to + i] = Math.max(x.data()[from + i], 0);
      }
    }
  }

  /** {@code y = y + x}: the residual. */
  public static void add(Columns x, int first, int count, int width, Columns y) {
    for (int token = first; token < first + count; token++) {
      Kernels.math().add(x.data(), x.at(token), width, y.data(), y.at(token));
    }
  }

  /** {@code y = y + w x} with one weight a column, the same for every token. */
  public static void multiplyAdd(float[] w, Columns x, int first, int count, int width, Columns y) {
    for (int token = first; token < first + count; token++) {
      Kernels.math().multiplyAdd(w, 0, x.data(), x.at(token), 1, width, y.data(), y.at(token));
    }
  }

  /**
   * {@code y = cap tanh(x / cap)}: limits values softly. {@code x} may change.
   *
   * @param x input, of no meaning afterwards
   * @param first index of the first token
   * @param count how many
   * @param width columns
   * @param cap the limit, above 0
   * @param y result
   */
  public static void softCap(Columns x, int first, int count, int width, float cap, Columns y) {
    for (int token = first; token < first + count; token++) {
      Kernels.math().softCap(cap, x.data(), x.at(token), width, y.data(), y.at(token));
    }
  }
}
