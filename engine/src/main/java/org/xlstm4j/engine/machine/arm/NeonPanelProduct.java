package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.NeonLanes.v;
import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Memory;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;
import org.xlstm4j.engine.machine.code.ActivationBlock;
import org.xlstm4j.engine.machine.code.ProductResults;

/**
 * What the products of quantized weights share, as {@link
 * org.xlstm4j.engine.machine.code.KernelCode#product} describes them: panel after panel, block
 * after block, memory is read front to back. The lanes of a vector are four rows. The integers of a
 * block are summed in registers, for all rows of the panel or for some of them, and then added to
 * the rows' totals: {@code y = fma(p, s, y)}. The totals of one token stay in registers, those of
 * several in the results.
 *
 * <pre>
 * V0 to V15   sums                                X0  weights, this block   X6  blocks to come
 * V16 to V23  one token: its totals; several:     X1  activations           X8  weights, these rows
 *             activations                         X2  results, this panel   X9  activations, this
 * V24         one token: activations              X3  blocks a panel            block
 * V25 to V31  free for what a block needs         X4  panels to come        X10 what an exponent
 *                                                                               of scales lacks
 *                                                 X11 totals, this token    X12 bytes between
 *                                                                               tokens' totals
 * </pre>
 */
abstract class NeonPanelProduct {
  private static final int SUMS = 16;
  private static final int TOTALS = SUMS;
  private static final int FREE = 25;

  /** While the sums of several tokens are scaled, activations are not needed. */
  private static final int SCALES = TOTALS;

  /** Columns whose activations a vector holds. */
  static final int LOADED = A64Vector.BYTES;

  /** Vectors that hold a 32-bit lane for each row of a panel. */
  private static final int PANEL_VECTORS = PanelKernels.ROWS / A64Vector.LANES;

  final A64Listing code = new A64Listing();
  final IntegerProducts products;
  final int tokens;

  /** Vectors of rows whose sums are in registers together. */
  final int together;

  /** While sums are scaled, what the exponents of scales lack. */
  final A64Vector base = free(0);

  private final A64Vector words = free(1);
  private final A64Vector factor = free(2);
  private final A64Vector value = free(3);

  NeonPanelProduct(IntegerProducts products, int tokens) {
    this.products = products;
    this.tokens = tokens;
    int fitting = Integer.highestOneBit(SUMS / (tokens * products.sums()));
    this.together = Math.min(PANEL_VECTORS, fitting);
  }

  /** Fills registers that keep their contents. */
  abstract void constants();

  /** Adds the products of 16 columns, whose activations are loaded, for the rows at X8. */
  abstract void multiply(int firstColumn);

  /** Adds up what lies in several lanes. */
  abstract void finish();

  /**
   * Makes the numbers that a vector of rows takes, of its scale words.
   *
   * @param words four words of 16 bits; receives the scales
   * @param zeros receives the zero points, where there are any
   */
  abstract void scales(A64Vector words, A64Vector zeros);

  /**
   * Turns sums into floats.
   *
   * @param words the token's words behind its activations
   * @param zeros the zero points
   * @param sums of the token and the vector of rows
   * @param value receives the floats; may be the sums
   */
  abstract void value(A64Vector words, A64Vector zeros, A64Vector sums, A64Vector value);

  /** Which of the token's words is its scale. */
  abstract int scaleWord();

  /** Bytes of a block. */
  abstract int blockBytes();

  final A64Listing listing() {
    ArmFunction function = ArmFunction.withVectors();
    A64Label nextPanel = new A64Label("next_panel");
    A64Label nextBlock = new A64Label("next_block");
    function.enter(code);
    code.add(ADD, X0, X0, X5);
    code.set(X10, PanelKernels.SCALE_BASE);
    code.set(X12, ProductResults.STRIDE);
    constants();
    code.place(nextPanel);
    clearTotals();
    code.move(X9, X1);
    code.move(X6, X3);
    code.place(nextBlock);
    for (int first = 0; first < PANEL_VECTORS; first += together) {
      code.add(ADD_NUMBER, X8, X0, PanelKernels.SCALE_BYTES + first * A64Vector.BYTES);
      block();
      code.add(DUP_GENERAL, base, X10);
      if (keepsTotals()) {
        loadWords(0);
      }
      for (int vector = 0; vector < together; vector += 2) {
        scale(first, vector);
      }
    }
    code.add(ADD_NUMBER, X0, X0, blockBytes());
    code.add(ADD_NUMBER, X9, X9, tokens * ActivationBlock.BYTES);
    code.repeat(X6, nextBlock);
    storeTotals();
    code.add(ADD_NUMBER, X2, X2, PanelKernels.ROWS * Float.BYTES);
    code.repeat(X4, nextPanel);
    function.leave(code);
    return code;
  }

  private void block() {
    for (int i = 0; i < tokens * together * products.sums(); i++) {
      code.clear(v(i));
    }
    for (int column = 0; column < PanelKernels.COLUMNS; column += LOADED) {
      loadActivations(column);
      multiply(column);
    }
    finish();
  }

  private boolean keepsTotals() {
    return tokens == 1;
  }

  private void clearTotals() {
    if (keepsTotals()) {
      for (int vector = 0; vector < PANEL_VECTORS; vector++) {
        code.clear(v(TOTALS + vector));
      }
      return;
    }
    code.clear(free(0));
    for (int token = 0; token < tokens; token++) {
      for (int vector = 0; vector < PANEL_VECTORS; vector++) {
        code.add(STR_Q, free(0), X2.memory(totals(token, vector)));
      }
    }
  }

  private void storeTotals() {
    for (int vector = 0; keepsTotals() && vector < PANEL_VECTORS; vector += 2) {
      A64Vector first = v(TOTALS + vector);
      code.add(STP_Q, first, v(TOTALS + vector + 1), X2.memory(totals(0, vector)));
    }
  }

  private static int totals(int token, int vector) {
    return token * ProductResults.STRIDE + vector * A64Vector.BYTES;
  }

  /** Adds the sums of two vectors of rows to their totals. */
  private void scale(int first, int vector) {
    if (keepsTotals()) {
      for (int i = 0; i < 2; i++) {
        makeScales(first + vector + i, i);
        scale(0, vector, i, v(TOTALS + first + vector + i));
      }
      return;
    }
    makeScales(first + vector, 0);
    makeScales(first + vector + 1, 1);
    code.add(ADD_NUMBER, X11, X2, (first + vector) * A64Vector.BYTES);
    for (int token = 0; token < tokens; token++) {
      loadWords(token);
      code.add(LDP_Q, total(0), total(1), X11.memory());
      for (int i = 0; i < 2; i++) {
        scale(token, vector, i, total(i));
      }
      code.add(STP_Q, total(0), total(1), X11.memory());
      code.add(ADD, X11, X11, X12);
    }
  }

  private void makeScales(int panelVector, int index) {
    int row = panelVector * A64Vector.LANES;
    code.add(LDR_D, scale(index), X0.memory(row * Short.BYTES));
    scales(scale(index), zero(index));
  }

  private void scale(int token, int vector, int index, A64Vector total) {
    value(words, zero(index), sums(token, vector + index, value), value);
    code.add(FMUL_ELEMENT, factor, scale(index), words.lane(scaleWord()));
    code.add(FMLA, total, value, factor);
  }

  /** The scales of one of two vectors of rows. */
  private A64Vector scale(int index) {
    return keepsTotals() ? free(4) : v(SCALES + index);
  }

  private A64Vector zero(int index) {
    return keepsTotals() ? free(5) : v(SCALES + 2 + index);
  }

  /** The totals of one of two vectors of rows, of one of several tokens. */
  private static A64Vector total(int index) {
    return v(SCALES + 4 + index);
  }

  /** What follows a token's activations: its scales, the sum. */
  private void loadWords(int token) {
    code.add(LDR_Q, words, X9.memory(token * ActivationBlock.BYTES + ActivationBlock.SCALE));
  }

  /** Loads each token's activations of 16 columns; for matrices, eight each of two tokens. */
  private void loadActivations(int column) {
    for (int token = 0; token < tokens; token++) {
      boolean isMatrix = products == IntegerProducts.MATRICES;
      A64Vector target = isMatrix ? free(token % 2) : activations(token);
      code.add(LDR_Q, target, X9.memory(token * ActivationBlock.BYTES + column));
      if (isMatrix && token % 2 == 1) {
        code.add(ZIP1_D, activations(token - 1), free(0), free(1));
        code.add(ZIP2_D, activations(token), free(0), free(1));
      }
    }
  }

  /** Those of 16 columns. */
  final A64Vector activations(int token) {
    return tokens == 1 ? v(TOTALS + PANEL_VECTORS) : v(TOTALS + token);
  }

  /**
   * Puts the activations of eight columns into all lanes of the free vectors 4 and 5, which no
   * other token's need until then.
   *
   * @param lane that of the first four columns
   * @param vector rows that are multiplied by them next
   */
  final void broadcastActivations(int token, int lane, int vector) {
    if (tokens > 1 || vector == 0) {
      code.add(DUP, free(4), activations(token).lane(lane));
      code.add(DUP, free(5), activations(token).lane(lane + 1));
    }
  }

  /**
   * Adds the products of eight columns by matrices.
   *
   * @param first weights of the first four columns and of four rows
   * @param last those of the last four
   * @param vector which rows
   * @param part which half of the activations that are loaded
   */
  final void multiplyMatrices(A64Vector first, A64Vector last, int vector, int part) {
    code.add(ZIP1, free(4), first, last);
    code.add(ZIP2, free(5), first, last);
    for (int token = 0; token < tokens; token += 2) {
      for (int half = 0; half < 2; half++) {
        code.add(SMMLA, matrix(token, vector, half), free(4 + half), activations(token + part));
      }
    }
  }

  /** The sums of two tokens and two rows. */
  private static A64Vector matrix(int token, int vector, int half) {
    return v(2 * (token + vector) + half);
  }

  /** The sums of a token and a vector of rows, a row a lane. */
  private A64Vector sums(int token, int vector, A64Vector target) {
    if (products != IntegerProducts.MATRICES) {
      return sum(token, vector);
    }
    A64Vector upper = matrix(token - token % 2, vector, 0);
    A64Vector lower = matrix(token - token % 2, vector, 1);
    code.add(token % 2 == 0 ? UZP1 : UZP2, target, upper, lower);
    return target;
  }

  /** Where a token and a vector of rows have one vector of sums. */
  final A64Vector sum(int token, int vector) {
    return v(token * together + vector);
  }

  /** Where they have two: one for the first two rows, one for the others. */
  final A64Vector wideSum(int token, int vector, int half) {
    return v(2 * (token * together + vector) + half);
  }

  /** One of seven vectors. */
  static A64Vector free(int number) {
    return v(FREE + number);
  }

  /** Loads the weights of a group of columns and of two vectors of rows. */
  final void loadWeights(A64Vector first, A64Vector second, int group, int vector) {
    code.add(LDP_Q, first, second, weights(group, vector));
  }

  private static A64Memory weights(int group, int vector) {
    return X8.memory(group * PanelKernels.GROUP_BYTES + vector * A64Vector.BYTES);
  }
}
