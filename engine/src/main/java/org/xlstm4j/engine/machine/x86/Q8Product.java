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
 * Product of 8-bit weights with some tokens. Arguments: weights, activations ({@link
 * ActivationBlock}), results ({@link ProductResults}), blocks a panel, panels, where the panels
 * begin in the weights.
 *
 * <p>Without VNNI, {@code q a = |q| sign(a, q)}: {@code vpmaddubsw} multiplies the magnitude, 0 to
 * 128, by the activation with the weight's sign and adds two neighbors, at most 2 * 128 * 127 =
 * 32512; {@code vpmaddwd} by ones adds the two pairs of a row. Four instructions a vector of
 * weights and token, and two for all tokens.
 *
 * <p>With VNNI, {@code vpdpbusd} takes one of its factors without sign: the weight with 128 added,
 * {@code q ^ 0x80}. The sums begin at -128 times the sum of the activations, which makes up for it.
 *
 * <p>The vectors behind the sums:
 *
 * <pre>
 * 0 to 3  activations of tokens, or weights    5  magnitudes of weights
 * 4       weights, or activations of a token   6  products
 *                                              7  ones, or 0x80 in each byte
 * </pre>
 */
final class Q8Product extends QuantizedProduct {
  private static final int GROUPS = PanelKernels.COLUMNS / 4;
  private static final int ONES = 0x00010001;
  private static final int SIGNS = 0x80808080;

  private final Vector constant = free(7);

  private Q8Product(MachineLevel level, int tokens) {
    super(
        tokens,
        level.hasIntegerProducts() ? level.vectorBytes() : Vector.YMM,
        level.hasIntegerProducts());
  }

  /** The kernel of a level for a number of tokens. */
  static Listing listing(MachineLevel level, int tokens) {
    return new Q8Product(level, tokens).listing(PanelKernels.Q8_BLOCK);
  }

  @Override
  void constants() {
    code.broadcast(constant, RAX, integerProducts ? SIGNS : ONES);
  }

  @Override
  void block(int firstVector) {
    for (int token = 0; token < tokens; token++) {
      for (int vector = 0; vector < together; vector++) {
        Vector sum = sum(token, vector);
        if (integerProducts) {
          code.add(VPBROADCASTD, sum, activations(token, ActivationBlock.UNSIGNED_CORRECTION));
        } else {
          code.add(VPXOR, sum, sum, sum);
        }
      }
    }
    for (int group = 0; group < GROUPS; group++) {
      if (integerProducts) {
        multiply(group, firstVector);
      } else {
        multiplyMagnitudes(group, firstVector);
      }
    }
  }

  private void multiply(int group, int firstVector) {
    Vector activations = free(4);
    for (int vector = 0; vector < together; vector++) {
      code.add(VPXOR, free(vector), constant, weights(group, firstVector + vector));
    }
    for (int token = 0; token < tokens; token++) {
      code.add(VPBROADCASTD, activations, activations(token, 4 * group));
      for (int vector = 0; vector < together; vector++) {
        code.add(VPDPBUSD, sum(token, vector), free(vector), activations);
      }
    }
  }

  private void multiplyMagnitudes(int group, int firstVector) {
    Vector weights = free(4);
    Vector magnitudes = free(5);
    Vector products = free(6);
    for (int token = 0; token < tokens; token++) {
      code.add(VPBROADCASTD, free(token), activations(token, 4 * group));
    }
    for (int vector = 0; vector < together; vector++) {
      code.add(VMOVDQU, weights, weights(group, firstVector + vector));
      code.add(VPABSB, magnitudes, weights);
      for (int token = 0; token < tokens; token++) {
        Vector sum = sum(token, vector);
        code.add(VPSIGNB, products, free(token), weights);
        code.add(VPMADDUBSW, products, magnitudes, products);
        code.add(VPMADDWD, products, products, constant);
        code.add(VPADDD, sum, sum, products);
      }
    }
  }

  @Override
  void scale(int firstVector, int vector) {
    Vector scale = free(0);
    Vector factor = free(1);
    Vector sum = free(2);
    code.add(VPMOVZXWD, scale, scaleWords(firstVector + vector));
    code.add(VPSLLD, scale, scale, PanelKernels.SCALE_SHIFT);
    code.add(VPADDD, scale, scale, free(4));
    for (int token = 0; token < tokens; token++) {
      code.add(VBROADCASTSS, factor, activations(token, ActivationBlock.SCALE));
      code.add(VMULPS, factor, factor, scale);
      code.add(VCVTDQ2PS, sum, sum(token, vector));
      addToTotal(sum, factor, token, firstVector + vector);
    }
  }
}
