package org.xlstm4j.engine.layers;

import java.util.Arrays;
import org.xlstm4j.engine.tokens.Columns;

/** The activation functions that configurations can name. */
public enum Activation {
  /** {@code g Phi(g)}, the exact form with the error function. */
  GELU,
  /** {@code max(g, 0)}. */
  RELU,
  /** {@code max(g, 0)^2}. */
  SQUARED_RELU,
  /** {@code 1 / (1 + exp(-g))}. */
  SIGMOID,
  /** {@code g sigmoid(g)}, also called SiLU. */
  SWISH,
  /** {@code scale * (g or alpha * (exp(g) - 1) where g is negative)} (arXiv:1706.02515). */
  SELU;

  private static final double SELU_SCALE = 1.0507009873554804934193349852946;
  private static final double SELU_ALPHA = 1.6732632423543772848170429916717;

  /**
   * A token that all tokens are the same as: what functions are multiplied with that have gates.
   */
  private static final Columns ONES = ones();

  private static Columns ones() {
    float[] ones = new float[256];
    Arrays.fill(ones, 1);
    return new Columns(ones, 0, 0);
  }

  /**
   * Applies the function to the first {@code width} columns of some tokens.
   *
   * @param x what it is applied to
   * @param first index of the first token
   * @param count how many
   * @param width columns
   * @param y result; must not overlap {@code x}
   */
  public void apply(Columns x, int first, int count, int width, Columns y) {
    switch (this) {
      case SWISH -> Elementwise.silu(x, first, count, width, y);
      case RELU -> Elementwise.relu(x, first, count, width, y);
      case GELU, SIGMOID, SQUARED_RELU, SELU -> {
        int step = ONES.data().length;
        for (int column = 0; column < width; column += step) {
          int part = Math.min(step, width - column);
          gate(x.from(column), ONES, first, count, part, y.from(column));
        }
      }
    }
  }

  /**
   * Multiplies the first {@code width} columns of some tokens by the function of their gates.
   *
   * @param gate what the function is applied to
   * @param x what is multiplied
   * @param first index of the first token
   * @param count how many
   * @param width columns
   * @param y result; must not overlap the others
   */
  public void gate(Columns gate, Columns x, int first, int count, int width, Columns y) {
    switch (this) {
      case GELU -> Elementwise.geluGate(gate, x, first, count, width, y);
      case SIGMOID -> Elementwise.sigmoidGate(gate, x, first, count, width, y);
      case SWISH -> Elementwise.siluGate(gate, x, first, count, width, y);
      case RELU, SQUARED_RELU, SELU -> {
        for (int token = first; token < first + count; token++) {
          for (int i = 0; i < width; i++) {
            float factor = plain(gate.data()[gate.at(token) + i]);
            y.data()[y.at(token) + i] = factor * x.data()[x.at(token) + i];
          }
        }
      }
    }
  }

  /** Those that have no kernel. */
  private float plain(float gate) {
    float positive = Math.max(gate, 0);
    return switch (this) {
      case RELU -> positive;
      case SQUARED_RELU -> positive * positive;
      case SELU -> (float) (SELU_SCALE * (gate > 0 ? gate : SELU_ALPHA * Math.expm1(gate)));
      case GELU, SIGMOID, SWISH -> throw new IllegalStateException(this + " has a kernel");
    };
  }
}
