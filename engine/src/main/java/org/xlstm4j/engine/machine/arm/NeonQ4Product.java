package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.assembler.A64General.X11;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.machine.arm.assembler.A64Lane;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;
import org.xlstm4j.engine.machine.code.MachineLevel;

/**
 * Product of 4-bit weights with some tokens.
 *
 * <p>The low halves of a vector's bytes are the weights of four columns, the high halves those of
 * the next four. They meet activations as in {@link NeonQ8Product}; without {@code sdot}, a lane of
 * 16 bits has room for the eight products of a block that it gets, of at most 15 * 127. Zero points
 * are in quarters, and so is the sum in the end: {@code p = 4 (sum of q a) - z (sum of a)}.
 *
 * <p>Free vectors: 0 to 3 weights, 4 and 5 activations of a token in all lanes, 6 ones in the low
 * half of each byte.
 */
final class NeonQ4Product extends NeonPanelProduct {
  private static final int LOW_HALVES = 0x0f0f0f0f;

  /** Bits of a scale word below its exponent and fraction: the zero point. */
  private static final int ZERO_BITS = 6;

  /** Bits of a float below the lowest one of a scale's fraction. */
  private static final int BELOW_SCALE = PanelKernels.SCALE_SHIFT + ZERO_BITS;

  private final A64Vector halves = free(6);

  private NeonQ4Product(IntegerProducts products, int tokens) {
    super(products, tokens);
  }

  /** The kernel of a level for a number of tokens. */
  static A64Listing listing(MachineLevel level, int tokens) {
    return new NeonQ4Product(IntegerProducts.of(level, tokens), tokens).listing();
  }

  @Override
  int blockBytes() {
    return PanelKernels.Q4_BLOCK;
  }

  @Override
  int scaleWord() {
    return 3;
  }

  @Override
  void constants() {
    code.broadcast(halves, X11, LOW_HALVES);
  }

  @Override
  void multiply(int firstColumn) {
    int firstGroup = firstColumn / PanelKernels.Q4_GROUP;
    for (int group = 0; group < LOADED / PanelKernels.Q4_GROUP; group++) {
      for (int vector = 0; vector < together; vector += 2) {
        loadHalves(firstGroup + group, vector);
        switch (products) {
          case WIDENING -> multiplyWidening(vector, group);
          case FOURS -> multiplyFours(vector, group);
          case MATRICES -> {
            multiplyMatrices(free(0), free(1), vector, group);
            multiplyMatrices(free(2), free(3), vector + 1, group);
          }
        }
      }
    }
  }

  /** Two vectors of weights, low and high halves of each. */
  private void loadHalves(int group, int vector) {
    loadWeights(free(0), free(2), group, vector);
    for (int i = 0; i < 4; i += 2) {
      code.add(USHR_B, free(i + 1), free(i), 4);
      code.add(AND_LANES, free(i), free(i), halves);
    }
  }

  /** Eight columns of two vectors of rows. */
  private void multiplyWidening(int vector, int part) {
    for (int token = 0; token < tokens; token++) {
      broadcastActivations(token, 2 * part, vector);
      for (int i = 0; i < 2; i++) {
        for (int half = 0; half < 2; half++) {
          A64Vector weights = free(2 * i + half);
          code.add(SMLAL, wideSum(token, vector + i, 0), weights, free(4 + half));
          code.add(SMLAL2, wideSum(token, vector + i, 1), weights, free(4 + half));
        }
      }
    }
  }

  /** Eight columns of two vectors of rows. */
  private void multiplyFours(int vector, int part) {
    for (int token = 0; token < tokens; token++) {
      for (int i = 0; i < 2; i++) {
        for (int half = 0; half < 2; half++) {
          A64Lane activations = activations(token).lane(2 * part + half);
          code.add(SDOT_ELEMENT, sum(token, vector + i), free(2 * i + half), activations);
        }
      }
    }
  }

  @Override
  void finish() {
    for (int i = 0; products == IntegerProducts.WIDENING && i < tokens * together; i++) {
      code.add(SADDLP, wideSum(0, i, 0), wideSum(0, i, 0));
      code.add(SADDLP, wideSum(0, i, 1), wideSum(0, i, 1));
      code.add(ADDP, sum(0, i), wideSum(0, i, 0), wideSum(0, i, 1));
    }
  }

  /** The words apart: scales and zero points. */
  @Override
  void scales(A64Vector words, A64Vector zeros) {
    code.add(USHLL, words, words, PanelKernels.SCALE_SHIFT);
    code.add(SHL, zeros, words, Integer.SIZE - BELOW_SCALE);
    code.add(USHR, zeros, zeros, Integer.SIZE - ZERO_BITS);
    code.add(USHR, words, words, BELOW_SCALE);
    code.add(SHL, words, words, BELOW_SCALE);
    code.add(ADD_LANES, words, words, base);
  }

  @Override
  void value(A64Vector words, A64Vector zeros, A64Vector sums, A64Vector value) {
    code.add(SHL, value, sums, 2);
    code.add(MLA_ELEMENT, value, zeros, words.lane(1));
    code.add(SCVTF, value, value);
  }
}
