package org.xlstm4j.engine.kernels;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Q4Kernels} with the Vector API.
 *
 * <p>The loops are those of {@link VectorQ8Kernels}, for the same reasons.
 *
 * <p>No integer sum overflows, whatever the file holds, because activations are within ±127.
 * Weights q are summed up as q - 8, from -8 to 7, a block in 16 bits: 32 * 8 * 127 = 32512 &lt;
 * 2^15; what happens on the way there, modulo 2^16, does not matter. A block with its zero points
 * in 32 bits: 4 * 32 * 8 * 127 + 32 * 32 * 127 &lt; 2^24, so that it is exact as a float too.
 */
public final class VectorQ4Kernels implements Q4Kernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Short> S = ShortVector.SPECIES_PREFERRED;
  private static final int VECTOR_BYTES = S.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /** Bytes of a group of columns of a panel, and of its scale words. */
  private static final int LINE = SCALE_BYTES;

  /** What integers of 4-bit weights are counted from, and the zero point there in quarters. */
  private static final int MIDDLE = 8;

  private static final int MIDDLE_QUARTERS = 4 * MIDDLE;

  /** Fraction and exponent of a 4-bit block's scale words, in place in a 32-bit float. */
  private static final int Q4_SCALE_MASK = 0xffc0 << SCALE_SHIFT;

  /** A quarter of the scale, because zero points are in quarters. */
  private static final int Q4_SCALE_BASE = SCALE_BASE - (2 << 23);

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
    long panel = byteOffset;
    for (int row = 0; row < rows; row += ROWS) {
      int count = Math.min(ROWS, rows - row);
      for (int start = 0; start < LINE; start += 2 * VECTOR_BYTES) {
        for (int token = 0; token < tokens; token++) {
          int to = yOffset + token * yStride + row;
          pass(
              weights,
              panel,
              start,
              LINE,
              blocks,
              factors,
              scales,
              sums,
              token * blocks,
              y,
              to,
              count);
        }
      }
      panel += (long) blocks * Q4_BLOCK;
    }
  }

  /**
   * One pass.
   *
   * @param line {@link #LINE}, as something that C2 does not know to be constant
   */
  private static void pass(
      MemorySegment weights,
      long panel,
      int start,
      long line,
      int blocks,
      int[] factors,
      float[] scales,
      int[] sums,
      int firstBlock,
      float[] y,
      int yOffset,
      int count) {
    FloatVector total0 = FloatVector.zero(F);
    FloatVector total1 = total0;
    FloatVector total2 = total0;
    FloatVector total3 = total0;
    long words = panel + start;
    for (int block = 0; block < blocks; block++, words += Q4_BLOCK) {
      float scale = scales[firstBlock + block];
      int sum = sums[firstBlock + block];
      ShortVector sum0 = ShortVector.broadcast(S, (short) (-MIDDLE * sum));
      ShortVector sum1 = sum0;
      int from = (firstBlock + block) * COLUMNS;
      long at = words + LINE;
      for (int x = from; x < from + COLUMNS; x += 4, at += line) {
        ShortVector w0 = ShortVector.fromMemorySegment(S, weights, at, ORDER);
        ShortVector w1 = ShortVector.fromMemorySegment(S, weights, at + VECTOR_BYTES, ORDER);
        ShortVector x0 = IntVector.broadcast(I, factors[x]).reinterpretAsShorts();
        ShortVector x1 = IntVector.broadcast(I, factors[x + 1]).reinterpretAsShorts();
        ShortVector x2 = IntVector.broadcast(I, factors[x + 2]).reinterpretAsShorts();
        ShortVector x3 = IntVector.broadcast(I, factors[x + 3]).reinterpretAsShorts();
        ShortVector first0 = w0.mul(x0).add(w0.lanewise(LSHR, 4).mul(x1));
        ShortVector first1 = w1.mul(x0).add(w1.lanewise(LSHR, 4).mul(x1));
        ShortVector last0 = w0.lanewise(LSHR, 8).mul(x2).add(w0.lanewise(LSHR, 12).mul(x3));
        ShortVector last1 = w1.lanewise(LSHR, 8).mul(x2).add(w1.lanewise(LSHR, 12).mul(x3));
        sum0 = first0.add(last0).add(sum0);
        sum1 = first1.add(last1).add(sum1);
      }
      IntVector pair0 = sum0.reinterpretAsInts();
      IntVector pair1 = sum1.reinterpretAsInts();
      IntVector scale0 = IntVector.fromMemorySegment(I, weights, words, ORDER);
      IntVector scale1 = IntVector.fromMemorySegment(I, weights, words + VECTOR_BYTES, ORDER);
      // in quarters, as the zero points are
      int middle = MIDDLE_QUARTERS * sum;
      IntVector low0 = pair0.lanewise(LSHL, 16).lanewise(ASHR, 14).add(middle);
      IntVector high0 = pair0.lanewise(ASHR, 16).lanewise(LSHL, 2).add(middle);
      IntVector low1 = pair1.lanewise(LSHL, 16).lanewise(ASHR, 14).add(middle);
      IntVector high1 = pair1.lanewise(ASHR, 16).lanewise(LSHL, 2).add(middle);
      low0 = low0.sub(scale0.and(ZERO_MASK).mul(sum));
      high0 = high0.sub(scale0.lanewise(LSHR, 16).and(ZERO_MASK).mul(sum));
      low1 = low1.sub(scale1.and(ZERO_MASK).mul(sum));
      high1 = high1.sub(scale1.lanewise(LSHR, 16).and(ZERO_MASK).mul(sum));
      total0 =
          ((FloatVector) low0.convertShape(I2F, F, 0))
              .fma(
                  scale0
                      .lanewise(LSHL, SCALE_SHIFT)
                      .and(Q4_SCALE_MASK)
                      .add(Q4_SCALE_BASE)
                      .reinterpretAsFloats()
                      .mul(scale),
                  total0);
      total1 =
          ((FloatVector) high0.convertShape(I2F, F, 0))
              .fma(
                  scale0
                      .lanewise(LSHR, 4)
                      .and(Q4_SCALE_MASK)
                      .add(Q4_SCALE_BASE)
                      .reinterpretAsFloats()
                      .mul(scale),
                  total1);
      total2 =
          ((FloatVector) low1.convertShape(I2F, F, 0))
              .fma(
                  scale1
                      .lanewise(LSHL, SCALE_SHIFT)
                      .and(Q4_SCALE_MASK)
                      .add(Q4_SCALE_BASE)
                      .reinterpretAsFloats()
                      .mul(scale),
                  total2);
      total3 =
          ((FloatVector) high1.convertShape(I2F, F, 0))
              .fma(
                  scale1
                      .lanewise(LSHR, 4)
                      .and(Q4_SCALE_MASK)
                      .add(Q4_SCALE_BASE)
                      .reinterpretAsFloats()
                      .mul(scale),
                  total3);
    }
    int row0 = PanelRows.first(start);
    int row1 = PanelRows.first(start + VECTOR_BYTES);
    if (count == ROWS) {
      total0.intoArray(y, yOffset + row0);
      total1.intoArray(y, yOffset + row0 + 16);
      total2.intoArray(y, yOffset + row1);
      total3.intoArray(y, yOffset + row1 + 16);
    } else {
      PanelRows.store(total0, row0, y, yOffset, count);
      PanelRows.store(total1, row0 + 16, y, yOffset, count);
      PanelRows.store(total2, row1, y, yOffset, count);
      PanelRows.store(total3, row1 + 16, y, yOffset, count);
    }
  }
}
