package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.machine.arm.assembler.A64Lane;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;
import org.xlstm4j.engine.machine.code.MachineLevel;

/**
 * Product of 8-bit weights with some tokens.
 *
 * <p>With {@code sdot}, a vector of weights, four columns of four rows, meets the four activations
 * of a token in one instruction. Without, {@code smull} and {@code smlal} add two products of 16
 * bits, at most 2 * 128 * 127 = 32512, and {@code sadalp} adds neighbors: three instructions for
 * two rows of eight columns, whose sums lie two to a row until the block's end. {@code smmla} takes
 * eight columns of two rows, for which two vectors of weights are interleaved.
 *
 * <p>Free vectors: 0 to 3 weights, 4 and 5 activations of a token in all lanes, 6 products.
 */
final class NeonQ8Product extends NeonPanelProduct {
  private NeonQ8Product(IntegerProducts products, int tokens) {
    super(products, tokens);
  }

  /** The kernel of a level for a number of tokens. */
  static A64Listing listing(MachineLevel level, int tokens) {
    return new NeonQ8Product(IntegerProducts.of(level, tokens), tokens).listing();
  }

  @Override
  int blockBytes() {
    return PanelKernels.Q8_BLOCK;
  }

  @Override
  int scaleWord() {
    return 0;
  }

  @Override
  void constants() {
    // none
  }

  @Override
  void multiply(int firstColumn) {
    int firstGroup = firstColumn / PanelKernels.Q8_GROUP;
    for (int lane = 0; lane < A64Vector.LANES; lane += 2) {
      switch (products) {
        case WIDENING -> multiplyWidening(firstGroup + lane, lane);
        case FOURS -> {
          multiplyFours(firstGroup + lane, lane);
          multiplyFours(firstGroup + lane + 1, lane + 1);
        }
        case MATRICES -> multiplyMatrices(firstGroup + lane, lane / 2);
      }
    }
  }

  private void multiplyFours(int group, int lane) {
    for (int vector = 0; vector < together; vector += 2) {
      int first = vector % 4;
      loadWeights(free(first), free(first + 1), group, vector);
      for (int token = 0; token < tokens; token++) {
        A64Lane activations = activations(token).lane(lane);
        code.add(SDOT_ELEMENT, sum(token, vector), free(first), activations);
        code.add(SDOT_ELEMENT, sum(token, vector + 1), free(first + 1), activations);
      }
    }
  }

  /** Two groups of columns, for two vectors of rows at a time. */
  private void multiplyWidening(int group, int lane) {
    A64Vector product = free(6);
    for (int vector = 0; vector < together; vector += 2) {
      loadWeights(free(0), free(1), group, vector);
      loadWeights(free(2), free(3), group + 1, vector);
      for (int token = 0; token < tokens; token++) {
        broadcastActivations(token, lane, vector);
        for (int i = 0; i < 2; i++) {
          code.add(SMULL, product, free(i), free(4));
          code.add(SMLAL, product, free(2 + i), free(5));
          code.add(SADALP, wideSum(token, vector + i, 0), product);
          code.add(SMULL2, product, free(i), free(4));
          code.add(SMLAL2, product, free(2 + i), free(5));
          code.add(SADALP, wideSum(token, vector + i, 1), product);
        }
      }
    }
  }

  private void multiplyMatrices(int group, int part) {
    for (int vector = 0; vector < together; vector += 2) {
      loadWeights(free(0), free(1), group, vector);
      loadWeights(free(2), free(3), group + 1, vector);
      multiplyMatrices(free(0), free(2), vector, part);
      multiplyMatrices(free(1), free(3), vector + 1, part);
    }
  }

  @Override
  void finish() {
    for (int i = 0; products == IntegerProducts.WIDENING && i < tokens * together; i++) {
      code.add(ADDP, sum(0, i), wideSum(0, i, 0), wideSum(0, i, 1));
    }
  }

  @Override
  void scales(A64Vector words, A64Vector zeros) {
    code.add(USHLL, words, words, PanelKernels.SCALE_SHIFT);
    code.add(ADD_LANES, words, words, base);
  }

  @Override
  void value(A64Vector words, A64Vector zeros, A64Vector sums, A64Vector value) {
    code.add(SCVTF, value, sums);
  }
}
