package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.RAX;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.machine.code.ActivationBlock;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.code.ProductResults;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * Product of 4-bit weights with some tokens. Arguments: weights, activations ({@link
 * ActivationBlock}), results ({@link ProductResults}), blocks a panel, panels, where the panels
 * begin in the weights.
 *
 * <p>The low halves of a vector's bytes are the weights of four columns, the high halves those of
 * the next four. All is summed in quarters, as zero points are: {@code p = 4 (sum of q a) - z (sum
 * of a)}.
 *
 * <p>With VNNI, the weights are taken times four, and the sums begin with the zero points' part.
 * Without, {@code vpmaddubsw} adds two products of at most 15 * 127, and eight of those fit 16
 * bits: a block is summed in 16-bit lanes, which {@code vpmaddwd} by fours adds in pairs at its
 * end.
 *
 * <p>The vectors behind the sums:
 *
 * <pre>
 * 0 to 3  weights, low and high halves   6  15 in each byte, or 60
 * 4       activations of a token         7  fours
 * 5       products
 * </pre>
 */
final class Q4Product extends QuantizedProduct {
  private static final int GROUPS = PanelKernels.COLUMNS / 8;
  private static final int FOURS = 0x00040004;
  private static final int LOW_HALVES = 0x0f0f0f0f;
  private static final int LOW_HALVES_BY_FOUR = 0x3c3c3c3c;

  /** Bits of a scale word below its exponent and fraction: the zero point. */
  private static final int ZERO_BITS = 6;

  private final Vector activations = free(4);
  private final Vector products = free(5);
  private final Vector halves = free(6);
  private final Vector fours = free(7);

  private Q4Product(MachineLevel level, int tokens) {
    super(tokens, level.vectorBytes(), level.hasIntegerProducts());
  }

  /** The kernel of a level for a number of tokens. */
  static Listing listing(MachineLevel level, int tokens) {
    return new Q4Product(level, tokens).listing(PanelKernels.Q4_BLOCK);
  }

  @Override
  void constants() {
    code.broadcast(halves, RAX, integerProducts ? LOW_HALVES_BY_FOUR : LOW_HALVES);
    if (!integerProducts) {
      code.broadcast(fours, RAX, FOURS);
    }
  }

  @Override
  void block(int firstVector) {
    if (integerProducts) {
      for (int vector = 0; vector < together; vector++) {
        zeroPoints(free(0), free(1), firstVector + vector);
        for (int token = 0; token < tokens; token++) {
          addZeroPoints(sum(token, vector), token);
        }
      }
    } else {
      for (int i = 0; i < tokens * together; i++) {
        code.add(VPXOR, vector(i), vector(i), vector(i));
      }
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

  /** The scale words of a vector of rows, and their zero points apart. */
  private void zeroPoints(Vector words, Vector zeros, int vector) {
    code.add(VPMOVZXWD, words, scaleWords(vector));
    code.add(VPSLLD, zeros, words, Integer.SIZE - ZERO_BITS);
    code.add(VPSRLD, zeros, zeros, Integer.SIZE - ZERO_BITS);
  }

  /** The zero points, in the second free vector, times minus the sum of a token's activations. */
  private void addZeroPoints(Vector target, int token) {
    code.add(VPBROADCASTD, free(2), activations(token, ActivationBlock.NEGATIVE_SUM));
    code.add(VPMADDWD, target, free(2), free(1));
  }

  private void multiply(int group, int firstVector, int pair) {
    for (int i = 0; i < 2; i++) {
      Vector low = free(2 * i);
      Vector high = free(2 * i + 1);
      code.add(VMOVDQU, low, weights(group, firstVector + pair + i));
      code.add(VPSRLW, high, low, integerProducts ? 2 : 4);
      if (integerProducts) {
        code.add(VPSLLW, low, low, 2);
      }
      code.add(VPAND, low, low, halves);
      code.add(VPAND, high, high, halves);
    }
    for (int token = 0; token < tokens; token++) {
      for (int half = 0; half < 2; half++) {
        code.add(VPBROADCASTD, activations, activations(token, 8 * group + 4 * half));
        for (int i = 0; i < 2; i++) {
          Vector weights = free(2 * i + half);
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

  @Override
  void scale(int firstVector, int vector) {
    Vector scale = free(0);
    Vector zeros = free(1);
    Vector factor = free(2);
    Vector value = free(3);
    zeroPoints(scale, zeros, firstVector + vector);
    code.add(VPXOR, scale, scale, zeros);
    code.add(VPSLLD, scale, scale, PanelKernels.SCALE_SHIFT);
    code.add(VPADDD, scale, scale, free(4));
    for (int token = 0; token < tokens; token++) {
      Vector sum = sum(token, vector);
      if (!integerProducts) {
        addZeroPoints(value, token);
        code.add(VPADDD, sum, sum, value);
      }
      code.add(VCVTDQ2PS, value, sum);
      code.add(VBROADCASTSS, factor, activations(token, ActivationBlock.QUARTER_SCALE));
      code.add(VMULPS, factor, factor, scale);
      addToTotal(value, factor, token, firstVector + vector);
    }
  }
}
