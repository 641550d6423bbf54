package org.xlstm4j.engine.kernels.vector;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.xlstm4j.engine.kernels.PanelTotals;
import org.xlstm4j.engine.kernels.Q4Kernels;

/**
 * {@link Q4Kernels} with the Vector API.
 *
 * <p>The loops are those of {@link VectorQ8Kernels}, for the same reasons.
 *
 * <p>No integer sum overflows, whatever the file holds, because activations are within ±127. A half
 * of a word's lane sums up half of a block's columns, in 16 bits: 16 * 15 * 127 = 30480 &lt; 2^15;
 * what happens on the way there, modulo 2^16, does not matter. A block with its zero points in 32
 * bits: 4 * 32 * 15 * 127 + 63 * 32 * 127 &lt; 2^24, so that it is exact as a float too.
 */
final class VectorQ4Kernels implements Q4Kernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Short> S = ShortVector.SPECIES_PREFERRED;

  /** As many 16-bit numbers as there are lanes of 32 bits. */
  private static final VectorSpecies<Short> SCALES =
      VectorSpecies.of(short.class, VectorShape.forBitSize(I.vectorBitSize() / 2));

  private static final int LANES = I.length();
  private static final int VECTOR_BYTES = I.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /** Fraction and exponent of a scale word. */
  private static final int SCALE_MASK = 0xffff & ~ZERO_MASK;

  private final ThreadLocal<PanelTotals> scratch = ThreadLocal.withInitial(PanelTotals::new);

  @Override
  public void multiply(
      MemorySegment weights,
      long byteOffset,
      int blocks,
      int rows,
      int[] factors,
      float[] scales,
      int[] sums,
      int tokens,
      float[] y,
      int yOffset,
      int yStride) {
    PanelTotals totals = scratch.get();
    long panel = byteOffset;
    for (int row = 0; row < rows; row += ROWS) {
      totals.clear(tokens);
      for (int token = 0; token < tokens; token++) {
        int first = token * blocks;
        addPanel(weights, panel, blocks, factors, scales, sums, first, totals.values, token * ROWS);
      }
      totals.store(tokens, Math.min(ROWS, rows - row), y, yOffset + row, yStride);
      panel += (long) blocks * Q4_BLOCK;
    }
  }

  private static void addPanel(
      MemorySegment weights,
      long panel,
      int blocks,
      int[] factors,
      float[] scales,
      int[] sums,
      int firstBlock,
      float[] totals,
      int totalsOffset) {
    long words = panel;
    for (int block = 0; block < blocks; block++, words += Q4_BLOCK) {
      int tokenBlock = firstBlock + block;
      int firstFactor = tokenBlock * Q4_FACTORS;
      float scale = QUARTER * scales[tokenBlock];
      int sum = sums[tokenBlock];
      for (int row = 0; row < ROWS; row += 2 * LANES) {
        ShortVector sum0 = ShortVector.zero(S);
        ShortVector sum1 = sum0;
        long at = words + SCALE_BYTES + (long) Integer.BYTES * row;
        for (int i = firstFactor;
            i != firstFactor + Q4_FACTORS;
            i += Q4_GROUP_FACTORS, at += GROUP_BYTES) {
          ShortVector w0 = ShortVector.fromMemorySegment(S, weights, at, ORDER);
          ShortVector w1 = ShortVector.fromMemorySegment(S, weights, at + VECTOR_BYTES, ORDER);
          ShortVector x0 = IntVector.broadcast(I, factors[i]).reinterpretAsShorts();
          ShortVector x1 = IntVector.broadcast(I, factors[i + 1]).reinterpretAsShorts();
          ShortVector x2 = IntVector.broadcast(I, factors[i + 2]).reinterpretAsShorts();
          ShortVector x3 = IntVector.broadcast(I, factors[i + 3]).reinterpretAsShorts();
          ShortVector first0 = w0.mul(x0).add(w0.lanewise(LSHR, 4).mul(x1));
          ShortVector first1 = w1.mul(x0).add(w1.lanewise(LSHR, 4).mul(x1));
          ShortVector last0 = w0.lanewise(LSHR, 8).mul(x2).add(w0.lanewise(LSHR, 12).mul(x3));
          ShortVector last1 = w1.lanewise(LSHR, 8).mul(x2).add(w1.lanewise(LSHR, 12).mul(x3));
          sum0 = first0.add(last0).add(sum0);
          sum1 = first1.add(last1).add(sum1);
        }
        IntVector pair0 = sum0.reinterpretAsInts();
        IntVector pair1 = sum1.reinterpretAsInts();
        long scaleWords = words + (long) Short.BYTES * row;
        IntVector scale0 =
            (IntVector)
                ShortVector.fromMemorySegment(SCALES, weights, scaleWords, ORDER)
                    .convertShape(ZERO_EXTEND_S2I, I, 0);
        IntVector scale1 =
            (IntVector)
                ShortVector.fromMemorySegment(SCALES, weights, scaleWords + VECTOR_BYTES / 2, ORDER)
                    .convertShape(ZERO_EXTEND_S2I, I, 0);
        IntVector quarters0 =
            pair0
                .lanewise(LSHL, 16)
                .lanewise(ASHR, 16)
                .add(pair0.lanewise(ASHR, 16))
                .lanewise(LSHL, 2)
                .sub(scale0.and(ZERO_MASK).mul(sum));
        IntVector quarters1 =
            pair1
                .lanewise(LSHL, 16)
                .lanewise(ASHR, 16)
                .add(pair1.lanewise(ASHR, 16))
                .lanewise(LSHL, 2)
                .sub(scale1.and(ZERO_MASK).mul(sum));
        int to = totalsOffset + row;
        ((FloatVector) quarters0.convertShape(I2F, F, 0))
            .fma(
                scale0
                    .and(SCALE_MASK)
                    .lanewise(LSHL, SCALE_SHIFT)
                    .add(SCALE_BASE)
                    .reinterpretAsFloats()
                    .mul(scale),
                FloatVector.fromArray(F, totals, to))
            .intoArray(totals, to);
        ((FloatVector) quarters1.convertShape(I2F, F, 0))
            .fma(
                scale1
                    .and(SCALE_MASK)
                    .lanewise(LSHL, SCALE_SHIFT)
                    .add(SCALE_BASE)
                    .reinterpretAsFloats()
                    .mul(scale),
                FloatVector.fromArray(F, totals, to + LANES))
            .intoArray(totals, to + LANES);
      }
    }
  }
}
