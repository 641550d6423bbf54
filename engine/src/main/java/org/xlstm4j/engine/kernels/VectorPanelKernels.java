package org.xlstm4j.engine.kernels;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link PanelKernels} with the Vector API. A pass over a panel keeps two vectors of 16-bit lanes
 * in flight, which share each broadcast activation: with 512 bits they are the whole panel and
 * memory is read in order; with 256 or 128 bits a panel takes two or four passes, the later ones
 * from the cache.
 *
 * <p>The loops over blocks call no method that takes or returns a vector: C2 compiles such a method
 * on its own first and then calls it, with its vectors in boxes, at half the loop's speed or less.
 * The loops within a block run over the factors and advance the place in memory beside them: C2
 * would split a loop whose place follows from its counter into three to save bounds checks, which
 * costs more than the checks in so short a loop. What a loop carries along is the argument of an
 * addition, not its receiver: C2 knows the class of what was just computed, but has to guess that
 * of what comes from the turn before, and where it has no profile yet it boxes.
 *
 * <p>A pair of 8-bit products is widened to 32 bits by sums alone. A 32-bit lane is {@code l +
 * 65536 h}, two biased pairs from 0 to 65535. The sums of all lanes and of their high halves give
 * the sum of the low halves as a difference modulo 2^32.
 *
 * <p>No integer sum overflows, whatever the file holds, because activations are within ±127. 8-bit
 * weights, two products in 16 bits: 2 * 128 * 127 = 32512 &lt; 2^15. 4-bit weights q are summed up
 * as q - 8, from -8 to 7, a block in 16 bits: 32 * 8 * 127 = 32512 &lt; 2^15; what happens on the
 * way there, modulo 2^16, does not matter. A block in 32 bits: 32 * 128 * 127 for 8-bit weights,
 * and 4 * 32 * 8 * 127 + 32 * 32 * 127 for 4-bit weights with their zero points, both below 2^24,
 * so that they are exact as floats too.
 */
public final class VectorPanelKernels implements PanelKernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Short> S = ShortVector.SPECIES_PREFERRED;

  private static final int LANES = I.length();

  /** Where a block's last whole vector of activations begins. */
  private static final int LAST = COLUMNS - LANES;

  private static final int VECTOR_BYTES = S.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /** Bytes of four columns of a panel's 4-bit weights, and of its scale words. */
  private static final int LINE = SCALE_BYTES;

  /** In each group of four lanes the one before, and by how much it is multiplied. */
  private static final VectorShuffle<Integer> BEFORE =
      VectorShuffle.fromOp(I, lane -> Math.max(lane - 1, 0));

  private static final IntVector CARRIES = IntVector.zero(I).addIndex(1).and(3).min(1).mul(16);

  /** What integers of 4-bit weights are counted from, and the zero point there in quarters. */
  private static final int MIDDLE = 8;

  private static final int MIDDLE_QUARTERS = 4 * MIDDLE;

  private static final int HIGH_HALF = 0xffff0000;

  /** The biases of a block's pairs of 8-bit columns. */
  private static final int PAIRS_BIAS = COLUMNS / 2 * PAIR_BIAS;

  /** Turns the first columns' bytes of two words from offset binary to two's complement. */
  private static final int OFFSETS = 0x00800080;

  /** Fraction and exponent of a 4-bit block's scale words, in place in a 32-bit float. */
  private static final int Q4_SCALE_MASK = 0xffc0 << SCALE_SHIFT;

  /** A quarter of the scale, because zero points are in quarters. */
  private static final int Q4_SCALE_BASE = SCALE_BASE - (2 << 23);

  /** Adding it to a small float leaves the rounded integer in the lowest bits. */
  private static final float ROUNDING = 0x1.8p23f;

  @Override
  public void quantize(
      float[] x,
      int offset,
      int columns,
      int[] values,
      int valuesOffset,
      float[] scales,
      int[] sums,
      int blockOffset) {
    int blocks = PanelKernels.blocks(columns);
    int whole = columns / COLUMNS;
    for (int block = 0; block < whole; block++) {
      quantizeWholeBlock(
          x,
          offset + block * COLUMNS,
          values,
          valuesOffset + block * COLUMNS,
          scales,
          sums,
          blockOffset + block);
    }
    if (whole < blocks) {
      int first = whole * COLUMNS;
      ScalarPanelKernels.quantizeBlock(
          x,
          offset + first,
          columns - first,
          values,
          valuesOffset + first,
          scales,
          sums,
          blockOffset + whole);
    }
  }

  private static void quantizeWholeBlock(
      float[] x, int offset, int[] values, int to, float[] scales, int[] sums, int block) {
    FloatVector magnitudes = FloatVector.zero(F);
    for (int i = 0; i < LAST; i += LANES) {
      magnitudes = FloatVector.fromArray(F, x, offset + i).abs().max(magnitudes);
    }
    FloatVector last = FloatVector.fromArray(F, x, offset + LAST).abs();
    float largest = last.max(magnitudes).reduceLanes(MAX);
    if (largest < SMALLEST_ACTIVATION) {
      Arrays.fill(values, to, to + COLUMNS, 0);
      scales[block] = 0;
      sums[block] = 0;
      return;
    }
    float inverse = MAX_ACTIVATION / largest;
    IntVector sum = IntVector.zero(I);
    for (int i = 0; i < COLUMNS; i += LANES) {
      FloatVector scaled = FloatVector.fromArray(F, x, offset + i).mul(inverse).add(ROUNDING);
      IntVector value =
          scaled
              .reinterpretAsInts()
              .sub(Float.floatToRawIntBits(ROUNDING))
              .max(-MAX_ACTIVATION)
              .min(MAX_ACTIVATION);
      sum = value.add(sum);
      value.lanewise(LSHL, 16).or(value.and(0xffff)).intoArray(values, to + i);
    }
    scales[block] = largest / MAX_ACTIVATION;
    sums[block] = sum.reduceLanes(ADD);
  }

  @Override
  public void q8(
      MemorySegment weights,
      long byteOffset,
      int blocks,
      int rows,
      int[] factors,
      float[] scales,
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
          q8Pass(weights, panel, start, blocks, factors, scales, token * blocks, y, to, count);
        }
      }
      panel += (long) blocks * Q8_BLOCK;
    }
  }

  private static void q8Pass(
      MemorySegment weights,
      long panel,
      int start,
      int blocks,
      int[] factors,
      float[] scales,
      int firstBlock,
      float[] y,
      int yOffset,
      int count) {
    FloatVector total0 = FloatVector.zero(F);
    FloatVector total1 = total0;
    FloatVector total2 = total0;
    FloatVector total3 = total0;
    int firstFactor = firstBlock * Q8_FACTORS;
    long words = panel + start;
    for (int block = 0; block < blocks; block++, words += Q8_BLOCK, firstFactor += Q8_FACTORS) {
      IntVector both0 = IntVector.broadcast(I, -PAIRS_BIAS);
      IntVector high0 = both0;
      IntVector both1 = both0;
      IntVector high1 = both0;
      long at = words + LINE;
      for (int i = firstFactor; i < firstFactor + Q8_FACTORS; i += 3, at += LINE) {
        ShortVector w0 = ShortVector.fromMemorySegment(S, weights, at, ORDER);
        ShortVector w1 = ShortVector.fromMemorySegment(S, weights, at + VECTOR_BYTES, ORDER);
        ShortVector ofWord = IntVector.broadcast(I, factors[i]).reinterpretAsShorts();
        ShortVector ofSecond = IntVector.broadcast(I, factors[i + 1]).reinterpretAsShorts();
        ShortVector biased = IntVector.broadcast(I, factors[i + 2]).reinterpretAsShorts();
        IntVector pair0 =
            w0.mul(ofWord).add(biased).add(w0.lanewise(ASHR, 8).mul(ofSecond)).reinterpretAsInts();
        IntVector pair1 =
            w1.mul(ofWord).add(biased).add(w1.lanewise(ASHR, 8).mul(ofSecond)).reinterpretAsInts();
        both0 = pair0.add(both0);
        both1 = pair1.add(both1);
        high0 = pair0.lanewise(LSHR, 16).add(high0);
        high1 = pair1.lanewise(LSHR, 16).add(high1);
      }
      IntVector low0 = both0.sub(high0.lanewise(LSHL, 16));
      IntVector low1 = both1.sub(high1.lanewise(LSHL, 16));
      IntVector scale0 = IntVector.fromMemorySegment(I, weights, words, ORDER);
      IntVector scale1 = IntVector.fromMemorySegment(I, weights, words + VECTOR_BYTES, ORDER);
      float scale = scales[firstBlock + block];
      total0 =
          ((FloatVector) low0.convertShape(I2F, F, 0))
              .fma(
                  scale0
                      .lanewise(LSHL, 16)
                      .lanewise(LSHR, 4)
                      .add(SCALE_BASE)
                      .reinterpretAsFloats()
                      .mul(scale),
                  total0);
      total1 =
          ((FloatVector) high0.convertShape(I2F, F, 0))
              .fma(
                  scale0
                      .and(HIGH_HALF)
                      .lanewise(LSHR, 4)
                      .add(SCALE_BASE)
                      .reinterpretAsFloats()
                      .mul(scale),
                  total1);
      total2 =
          ((FloatVector) low1.convertShape(I2F, F, 0))
              .fma(
                  scale1
                      .lanewise(LSHL, 16)
                      .lanewise(LSHR, 4)
                      .add(SCALE_BASE)
                      .reinterpretAsFloats()
                      .mul(scale),
                  total2);
      total3 =
          ((FloatVector) high1.convertShape(I2F, F, 0))
              .fma(
                  scale1
                      .and(HIGH_HALF)
                      .lanewise(LSHR, 4)
                      .add(SCALE_BASE)
                      .reinterpretAsFloats()
                      .mul(scale),
                  total3);
    }
    int row0 = firstRow(start);
    int row1 = firstRow(start + VECTOR_BYTES);
    if (count == ROWS) {
      total0.intoArray(y, yOffset + row0);
      total1.intoArray(y, yOffset + row0 + 16);
      total2.intoArray(y, yOffset + row1);
      total3.intoArray(y, yOffset + row1 + 16);
    } else {
      storeRows(total0, row0, y, yOffset, count);
      storeRows(total1, row0 + 16, y, yOffset, count);
      storeRows(total2, row1, y, yOffset, count);
      storeRows(total3, row1 + 16, y, yOffset, count);
    }
  }

  @Override
  public void q4Factors(int[] values, int length, int[] factors) {
    for (int i = 0; i < length; i += LANES) {
      IntVector value = IntVector.fromArray(I, values, i).lanewise(ASHR, 16);
      IntVector factor = value.sub(value.rearrange(BEFORE).mul(CARRIES));
      factor.lanewise(LSHL, 16).or(factor.and(0xffff)).intoArray(factors, i);
    }
  }

  @Override
  public void q4(
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
          q4Pass(
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
  private static void q4Pass(
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
    int row0 = firstRow(start);
    int row1 = firstRow(start + VECTOR_BYTES);
    if (count == ROWS) {
      total0.intoArray(y, yOffset + row0);
      total1.intoArray(y, yOffset + row0 + 16);
      total2.intoArray(y, yOffset + row1);
      total3.intoArray(y, yOffset + row1 + 16);
    } else {
      storeRows(total0, row0, y, yOffset, count);
      storeRows(total1, row0 + 16, y, yOffset, count);
      storeRows(total2, row1, y, yOffset, count);
      storeRows(total3, row1 + 16, y, yOffset, count);
    }
  }

  @Override
  public void unpackQ8(
      MemorySegment weights, long byteOffset, int half, int blocks, float[] panel) {
    for (int start = 0; start < LINE / 2; start += VECTOR_BYTES) {
      int row = start / Integer.BYTES;
      long words = byteOffset + (long) (LINE / 2) * half + start;
      for (int block = 0; block < blocks; block++, words += Q8_BLOCK) {
        IntVector scale = IntVector.fromMemorySegment(I, weights, words, ORDER);
        FloatVector low =
            scale.lanewise(LSHL, 16).lanewise(LSHR, 4).add(SCALE_BASE).reinterpretAsFloats();
        FloatVector high =
            scale.and(HIGH_HALF).lanewise(LSHR, 4).add(SCALE_BASE).reinterpretAsFloats();
        int to = block * COLUMNS * (ROWS / 2) + row;
        for (int pair = 0; pair < COLUMNS / 2; pair++) {
          long at = words + LINE + (long) LINE * pair;
          IntVector w = IntVector.fromMemorySegment(I, weights, at, ORDER).lanewise(XOR, OFFSETS);
          int first = to + pair * ROWS;
          int second = first + ROWS / 2;
          ((FloatVector) w.lanewise(LSHL, 24).lanewise(ASHR, 24).convertShape(I2F, F, 0))
              .mul(low)
              .intoArray(panel, first);
          ((FloatVector) w.lanewise(LSHL, 16).lanewise(ASHR, 24).convertShape(I2F, F, 0))
              .mul(low)
              .intoArray(panel, second);
          ((FloatVector) w.lanewise(LSHL, 8).lanewise(ASHR, 24).convertShape(I2F, F, 0))
              .mul(high)
              .intoArray(panel, first + 16);
          ((FloatVector) w.lanewise(ASHR, 24).convertShape(I2F, F, 0))
              .mul(high)
              .intoArray(panel, second + 16);
        }
      }
    }
  }

  @Override
  public void unpackQ4(
      MemorySegment weights, long byteOffset, int half, int blocks, float[] panel) {
    for (int start = 0; start < LINE / 2; start += VECTOR_BYTES) {
      int row = start / Integer.BYTES;
      long words = byteOffset + (long) (LINE / 2) * half + start;
      for (int block = 0; block < blocks; block++, words += Q4_BLOCK) {
        IntVector scale = IntVector.fromMemorySegment(I, weights, words, ORDER);
        FloatVector low =
            scale
                .lanewise(LSHL, SCALE_SHIFT)
                .and(Q4_SCALE_MASK)
                .add(Q4_SCALE_BASE)
                .reinterpretAsFloats();
        FloatVector high =
            scale.lanewise(LSHR, 4).and(Q4_SCALE_MASK).add(Q4_SCALE_BASE).reinterpretAsFloats();
        IntVector lowZero = scale.and(ZERO_MASK);
        IntVector highZero = scale.lanewise(LSHR, 16).and(ZERO_MASK);
        int to = block * COLUMNS * (ROWS / 2) + row;
        for (int group = 0; group < COLUMNS / 4; group++) {
          long at = words + LINE + (long) LINE * group;
          IntVector w = IntVector.fromMemorySegment(I, weights, at, ORDER);
          for (int column = 0; column < 4; column++) {
            IntVector lowQuarters = w.lanewise(LSHR, 4 * column).and(15).lanewise(LSHL, 2);
            IntVector highQuarters = w.lanewise(LSHR, 16 + 4 * column).and(15).lanewise(LSHL, 2);
            int place = to + (4 * group + column) * (ROWS / 2);
            ((FloatVector) lowQuarters.sub(lowZero).convertShape(I2F, F, 0))
                .mul(low)
                .intoArray(panel, place);
            ((FloatVector) highQuarters.sub(highZero).convertShape(I2F, F, 0))
                .mul(high)
                .intoArray(panel, place + 16);
          }
        }
      }
    }
  }

  /** The row of the lowest half of the lanes at a place among the scale words. */
  private static int firstRow(int start) {
    return (start & (LINE / 2)) / 2 + (start & (LINE / 2 - 1)) / Integer.BYTES;
  }

  /** Stores rows as far as the matrix has them. */
  static void storeRows(FloatVector values, int row, float[] y, int yOffset, int count) {
    if (row + LANES <= count) {
      values.intoArray(y, yOffset + row);
    } else if (row < count) {
      values.intoArray(y, yOffset + row, F.indexInRange(row, count));
    }
  }
}
