package org.xlstm4j.engine.machine;

import static org.xlstm4j.engine.machine.assembler.General.RAX;
import static org.xlstm4j.engine.machine.assembler.Operation.*;

import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.machine.assembler.Listing;
import org.xlstm4j.engine.machine.assembler.Vector;

/**
 * Product of 4-bit weights with one to four tokens. Arguments: weights, activations ({@link
 * ActivationBlock}), results ({@link ProductResults}), blocks a panel, panels, where the panels
 * begin in the weights.
 *
 * <p>The low halves of a vector's bytes are the weights of four columns, the high halves those of
 * the next four. Without VNNI, {@code vpmaddubsw} adds two products of at most 15 * 127, and eight
 * of those fit 16 bits: a block is summed in 16-bit lanes, which {@code vpmaddwd} by fours adds in
 * pairs at its end, in quarters as zero points are.
 *
 * <pre>
 * 0 to 7   sums                          13  products
 * 8 to 11  weights, low and high halves  14  15 in each byte
 * 12       activations of a token        15  fours
 * </pre>
 */
final class Q4Product extends QuantizedProduct {
  private static final int GROUPS = PanelKernels.COLUMNS / 8;
  private static final int FOURS = 0x00040004;
  private static final int LOW_HALVES = 0x0f0f0f0f;

  /** Bits of a scale word below its exponent and fraction: the zero point. */
  private static final int ZERO_BITS = 6;

  private final Vector activations = vector(12);
  private final Vector products = vector(13);
  private final Vector lowHalves = vector(14);
  private final Vector fours = vector(15);

  private Q4Product(MachineLevel level, int tokens) {
    super(tokens, level.vectorBytes(), level.hasIntegerProducts());
  }

  /** The kernel of a level for a number of tokens. */
  static Listing listing(MachineLevel level, int tokens) {
    return new Q4Product(level, tokens).listing(PanelKernels.Q4_BLOCK);
  }

  @Override
  void constants() {
    code.broadcast(lowHalves, RAX, LOW_HALVES);
    if (!integerProducts) {
      code.broadcast(fours, RAX, FOURS);
    }
  }

  @Override
  void block(int firstVector) {
    for (int i = 0; i < tokens * together; i++) {
      code.add(VPXOR, vector(i), vector(i), vector(i));
    }
    for (int group = 0; group < GROUPS; group++) {
      for (int pair = 0; pair < together; pair += 2) {
        multiply(group, firstVector, pair);
      }
    }
    if (!integerProducts) {
      for (int i = 0; i < tokens * together; i++) {
        code.add(VPMADDWD, vector(i), vector(i), fours);
      }
    }
  }

  private void multiply(int group, int firstVector, int pair) {
    for (int i = 0; i < 2; i++) {
      Vector low = vector(8 + 2 * i);
      Vector high = vector(9 + 2 * i);
      code.add(VMOVDQU, low, weights(group, firstVector + pair + i));
      code.add(VPSRLW, high, low, 4);
      code.add(VPAND, low, low, lowHalves);
      code.add(VPAND, high, high, lowHalves);
    }
    for (int token = 0; token < tokens; token++) {
      for (int half = 0; half < 2; half++) {
        code.add(VPBROADCASTD, activations, activations(token, 8 * group + 4 * half));
        for (int i = 0; i < 2; i++) {
          Vector weights = vector(8 + 2 * i + half);
          Vector sum = sum(token, pair + i);
          if (integerProducts) {
            code.add(VPDPBUSD, sum, weights, activations);
          } else {
            code.add(VPMADDUBSW, products, weights, activations);
            code.add(VPADDW, sum, sum, products);
          }
        }
      }
    }
  }

  /** {@code p = 4 sum - z (sum of the activations)}, times scale and a quarter. */
  @Override
  void scale(int firstVector, int vector) {
    Vector scale = vector(8);
    Vector zero = vector(9);
    Vector factor = vector(10);
    Vector sum = vector(11);
    code.add(VPMOVZXWD, scale, scaleWords(firstVector + vector));
    code.add(VPSLLD, zero, scale, Integer.SIZE - ZERO_BITS);
    code.add(VPSRLD, zero, zero, Integer.SIZE - ZERO_BITS);
    code.add(VPXOR, scale, scale, zero);
    code.add(VPSLLD, scale, scale, PanelKernels.SCALE_SHIFT);
    code.add(VPADDD, scale, scale, vector(12));
    for (int token = 0; token < tokens; token++) {
      code.add(VPBROADCASTD, factor, activations(token, ActivationBlock.SUM));
      code.add(VPMADDWD, factor, factor, zero);
      Vector quarters = integerProducts ? sum : sum(token, vector);
      if (integerProducts) {
        code.add(VPSLLD, quarters, sum(token, vector), 2);
      }
      code.add(VPSUBD, sum, quarters, factor);
      code.add(VCVTDQ2PS, sum, sum);
      code.add(VBROADCASTSS, factor, activations(token, ActivationBlock.QUARTER_SCALE));
      code.add(VMULPS, factor, factor, scale);
      addToTotal(sum, factor, token, firstVector + vector);
    }
  }
}
