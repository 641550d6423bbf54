package org.xlstm4j.engine.kernels;

import static jdk.incubator.vector.VectorOperators.B2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * A panel of 8-bit weights of {@link VectorPanelKernels} with two or three tokens, the tokens of a
 * control step, in one walk: each weight becomes a float once and meets all tokens. A missing third
 * token repeats the second.
 *
 * <p>The products and a block's sums are integers below 2^24, so floats hold them exactly, and a
 * token's result is the one it has alone. Lanes come in the panel's order, rows i and 16 + i side
 * by side, and are sorted when they are stored. Needs vectors of at least 256 bits.
 */
final class VectorQ8ThreeTokens {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /** Whether vectors are wide enough: a quarter of one must be a vector of bytes. */
  static final boolean USABLE = F.vectorBitSize() >= 256;

  /** As many shorts and bytes as there are floats in a vector. */
  private static final VectorSpecies<Short> S =
      VectorSpecies.of(short.class, VectorShape.forBitSize(Math.max(F.vectorBitSize() / 2, 64)));

  private static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(F.vectorBitSize() / 4, 64)));

  private static final int WORDS = Short.BYTES * LANES;

  /** The even and the odd lanes of two vectors. */
  private static final VectorShuffle<Float> EVEN =
      VectorShuffle.fromOp(F, i -> i < LANES / 2 ? 2 * i : 2 * i - LANES - LANES);

  private static final VectorShuffle<Float> ODD =
      VectorShuffle.fromOp(F, i -> i < LANES / 2 ? 2 * i + 1 : 2 * i + 1 - LANES - LANES);

  private VectorQ8ThreeTokens() {}

  /** Rows of a pass: two pairs of vectors. */
  static int rowsOfPass() {
    return 4 * LANES;
  }

  /**
   * One pass over a panel.
   *
   * @param panels the weights
   * @param panel where the panel starts
   * @param first first row of the pass, a multiple of {@link #rowsOfPass}
   * @param blocks blocks of the panel
   * @param values quantized activations, {@code [tokens][blocks][32]}, each twice in a word
   * @param scales their scales, {@code [tokens][blocks]}
   * @param tokens 2 or 3
   * @param y result
   * @param yOffset where token 0's result of the panel's first row goes
   * @param yStride distance between two tokens in {@code y}
   * @param count rows of the panel that there are
   */
  static void pass(
      MemorySegment panels,
      long panel,
      int first,
      int blocks,
      int[] values,
      float[] scales,
      int tokens,
      float[] y,
      int yOffset,
      int yStride,
      int count) {
    FloatVector zero = FloatVector.zero(F);
    FloatVector total00 = zero;
    FloatVector total01 = zero;
    FloatVector total02 = zero;
    FloatVector total10 = zero;
    FloatVector total11 = zero;
    FloatVector total12 = zero;
    FloatVector total20 = zero;
    FloatVector total21 = zero;
    FloatVector total22 = zero;
    FloatVector total30 = zero;
    FloatVector total31 = zero;
    FloatVector total32 = zero;
    int block1 = blocks;
    int block2 = (tokens - 1) * blocks;
    for (int block0 = 0; block0 < blocks; block0++, block1++, block2++) {
      long words = panel + (long) PanelKernels.Q8_BLOCK * block0 + (long) Short.BYTES * first;
      long bytes = panel + (long) PanelKernels.Q8_BLOCK * block0 + PanelKernels.SCALE_BYTES + first;
      FloatVector sum00 = zero;
      FloatVector sum01 = zero;
      FloatVector sum02 = zero;
      FloatVector sum10 = zero;
      FloatVector sum11 = zero;
      FloatVector sum12 = zero;
      FloatVector sum20 = zero;
      FloatVector sum21 = zero;
      FloatVector sum22 = zero;
      FloatVector sum30 = zero;
      FloatVector sum31 = zero;
      FloatVector sum32 = zero;
      for (int column = 0; column < PanelKernels.COLUMNS; column++) {
        long at = bytes + (long) PanelKernels.ROWS * column;
        FloatVector value0 = value(values, block0 * PanelKernels.COLUMNS + column);
        FloatVector value1 = value(values, block1 * PanelKernels.COLUMNS + column);
        FloatVector value2 = value(values, block2 * PanelKernels.COLUMNS + column);
        FloatVector weight0 = weights(panels, at);
        sum00 = weight0.fma(value0, sum00);
        sum01 = weight0.fma(value1, sum01);
        sum02 = weight0.fma(value2, sum02);
        FloatVector weight1 = weights(panels, at + LANES);
        sum10 = weight1.fma(value0, sum10);
        sum11 = weight1.fma(value1, sum11);
        sum12 = weight1.fma(value2, sum12);
        FloatVector weight2 = weights(panels, at + 2L * LANES);
        sum20 = weight2.fma(value0, sum20);
        sum21 = weight2.fma(value1, sum21);
        sum22 = weight2.fma(value2, sum22);
        FloatVector weight3 = weights(panels, at + 3L * LANES);
        sum30 = weight3.fma(value0, sum30);
        sum31 = weight3.fma(value1, sum31);
        sum32 = weight3.fma(value2, sum32);
      }
      FloatVector scale0 = scales(panels, words);
      total00 = sum00.fma(scale0.mul(scales[block0]), total00);
      total01 = sum01.fma(scale0.mul(scales[block1]), total01);
      total02 = sum02.fma(scale0.mul(scales[block2]), total02);
      FloatVector scale1 = scales(panels, words + WORDS);
      total10 = sum10.fma(scale1.mul(scales[block0]), total10);
      total11 = sum11.fma(scale1.mul(scales[block1]), total11);
      total12 = sum12.fma(scale1.mul(scales[block2]), total12);
      FloatVector scale2 = scales(panels, words + 2L * WORDS);
      total20 = sum20.fma(scale2.mul(scales[block0]), total20);
      total21 = sum21.fma(scale2.mul(scales[block1]), total21);
      total22 = sum22.fma(scale2.mul(scales[block2]), total22);
      FloatVector scale3 = scales(panels, words + 3L * WORDS);
      total30 = sum30.fma(scale3.mul(scales[block0]), total30);
      total31 = sum31.fma(scale3.mul(scales[block1]), total31);
      total32 = sum32.fma(scale3.mul(scales[block2]), total32);
    }
    int y1 = yOffset + yStride;
    int y2 = yOffset + (tokens - 1) * yStride;
    int row = row(first);
    int secondRow = row(first + 2 * LANES);
    store(total00, total10, row, y, yOffset, count);
    store(total20, total30, secondRow, y, yOffset, count);
    store(total01, total11, row, y, y1, count);
    store(total21, total31, secondRow, y, y1, count);
    store(total02, total12, row, y, y2, count);
    store(total22, total32, secondRow, y, y2, count);
  }

  private static FloatVector value(int[] values, int index) {
    return FloatVector.broadcast(F, (float) (values[index] >> 16));
  }

  private static FloatVector weights(MemorySegment panels, long at) {
    return (FloatVector) ByteVector.fromMemorySegment(B, panels, at, ORDER).convertShape(B2F, F, 0);
  }

  private static FloatVector scales(MemorySegment panels, long at) {
    IntVector words =
        (IntVector)
            ShortVector.fromMemorySegment(S, panels, at, ORDER).convertShape(ZERO_EXTEND_S2I, I, 0);
    return words
        .lanewise(LSHL, PanelKernels.SCALE_SHIFT)
        .add(PanelKernels.SCALE_BASE)
        .reinterpretAsFloats();
  }

  /** The row of a lane that begins a vector: its number without the interleaving. */
  private static int row(int lane) {
    return (lane & 32) | ((lane & 31) >> 1);
  }

  private static void store(
      FloatVector low, FloatVector high, int row, float[] y, int yOffset, int count) {
    VectorPanelKernels.storeRows(low.rearrange(EVEN, high), row, y, yOffset, count);
    VectorPanelKernels.storeRows(low.rearrange(ODD, high), row + 16, y, yOffset, count);
  }
}
