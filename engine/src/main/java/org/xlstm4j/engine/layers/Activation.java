package org.xlstm4j.engine.layers;

import org.xlstm4j.engine.Columns;

/** The activation functions that configurations of the paper's models can name. */
public enum Activation {
  /** {@code x Phi(x)}, the exact form with the error function. */
  GELU,
  /** {@code max(x, 0)}. */
  RELU,
  /** {@code max(x, 0)^2}. */
  SQUARED_RELU,
  /** {@code 1 / (1 + exp(-x))}. */
  SIGMOID,
  /** {@code x sigmoid(x)}, also called SiLU. */
  SWISH,
  /** {@code scale * (x or alpha * (exp(x) - 1) where x is negative)} (arXiv:1706.02515). */
  SELU;

  private static final double SELU_SCALE = 1.0507009873554804934193349852946;
  private static final double SELU_ALPHA = 1.6732632423543772848170429916717;

  /**
   * Applies the function to the first {@code width} columns of some tokens.
   *
   * @param x input
   * @param tokens how many
   * @param width columns
   * @param y result; must not overlap {@code x}
   */
  public void apply(Columns x, int tokens, int width, Columns y) {
    switch (this) {
      case GELU -> Elementwise.gelu(x, tokens, width, y);
      case RELU -> Elementwise.relu(x, tokens, width, y);
      case SQUARED_RELU -> {
        Elementwise.relu(x, tokens, width, y);
        Elementwise.multiply(y, tokens, width, y);
      }
      case SIGMOID -> Elementwise.sigmoid(x, tokens, width, y);
      case SWISH -> Elementwise.silu(x, tokens, width, y);
      case SELU -> selu(x, tokens, width, y);
    }
  }

  private static void selu(Columns x, int tokens, int width, Columns y) {
    for (int token = 0; token < tokens; token++) {
      for (int i = 0; i < width; i++) {
        double value = x.data()[x.at(token) + i];
        double bent = value > 0 ? value : SELU_ALPHA * Math.expm1(value);
        y.data()[y.at(token) + i] = (float) (SELU_SCALE * bent);
      }
    }
  }
}
