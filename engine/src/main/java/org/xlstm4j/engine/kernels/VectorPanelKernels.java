package org.xlstm4j.engine.kernels;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.B2S;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.MAX;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link PanelKernels} with the Vector API. A pass over a panel keeps two vectors of 16-bit lanes
 * in flight, which share each broadcast activation: with 512 bits they are the whole panel and
 * memory is read in order; with 256 or 128 bits a panel takes two or four passes, the later ones
 * from the cache.
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

  /** As many bytes as {@link #S} has lanes. */
  private static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(S.vectorBitSize() / 2));

  private static final int LANES = I.length();
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
    FloatVector largestLanes = FloatVector.zero(F);
    for (int i = 0; i < COLUMNS; i += LANES) {
      largestLanes = largestLanes.max(FloatVector.fromArray(F, x, offset + i).abs());
    }
    float largest = largestLanes.reduceLanes(MAX);
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
      sum = sum.add(value);
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
      int[] values,
      float[] scales,
      int tokens,
      float[] y,
      int yOffset,
      int yStride) {
    boolean together = VectorQ8ThreeTokens.USABLE && (tokens == 2 || tokens == 3);
    long panel = byteOffset;
    for (int row = 0; row < rows; row += ROWS) {
      int count = Math.min(ROWS, rows - row);
      if (together) {
        for (int first = 0; first < ROWS; first += VectorQ8ThreeTokens.rowsOfPass()) {
          int to = yOffset + row;
          VectorQ8ThreeTokens.pass(
              weights, panel, first, blocks, values, scales, tokens, y, to, yStride, count);
        }
      } else {
        for (int start = 0; start < LINE; start += 2 * VECTOR_BYTES) {
          for (int token = 0; token < tokens; token++) {
            int to = yOffset + token * yStride + row;
            q8Pass(weights, panel, start, blocks, values, scales, token * blocks, y, to, count);
          }
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
      int[] values,
      float[] scales,
      int firstBlock,
      float[] y,
      int yOffset,
      int count) {
    FloatVector total0 = FloatVector.zero(F);
    FloatVector total1 = total0;
    FloatVector total2 = total0;
    FloatVector total3 = total0;
    long words = panel + start;
    long bytes = panel + LINE + start / 2;
    for (int block = 0; block < blocks; block++, words += Q8_BLOCK, bytes += Q8_BLOCK) {
      IntVector low0 = IntVector.zero(I);
      IntVector high0 = low0;
      IntVector low1 = low0;
      IntVector high1 = low0;
      int from = (firstBlock + block) * COLUMNS;
      for (int column = 0; column < COLUMNS; column += 2) {
        ShortVector x0 = IntVector.broadcast(I, values[from + column]).reinterpretAsShorts();
        ShortVector x1 = IntVector.broadcast(I, values[from + column + 1]).reinterpretAsShorts();
        long at = bytes + (long) ROWS * column;
        ByteVector w00 = ByteVector.fromMemorySegment(B, weights, at, ORDER);
        ByteVector w10 = ByteVector.fromMemorySegment(B, weights, at + VECTOR_BYTES / 2, ORDER);
        ByteVector w01 = ByteVector.fromMemorySegment(B, weights, at + ROWS, ORDER);
        ByteVector w11 =
            ByteVector.fromMemorySegment(B, weights, at + ROWS + VECTOR_BYTES / 2, ORDER);
        IntVector pair0 =
            ((ShortVector) w00.convertShape(B2S, S, 0))
                .mul(x0)
                .add(((ShortVector) w01.convertShape(B2S, S, 0)).mul(x1))
                .reinterpretAsInts();
        IntVector pair1 =
            ((ShortVector) w10.convertShape(B2S, S, 0))
                .mul(x0)
                .add(((ShortVector) w11.convertShape(B2S, S, 0)).mul(x1))
                .reinterpretAsInts();
        low0 = low0.add(pair0.lanewise(LSHL, 16).lanewise(ASHR, 16));
        high0 = high0.add(pair0.lanewise(ASHR, 16));
        low1 = low1.add(pair1.lanewise(LSHL, 16).lanewise(ASHR, 16));
        high1 = high1.add(pair1.lanewise(ASHR, 16));
      }
      IntVector scale0 = IntVector.fromMemorySegment(I, weights, words, ORDER);
      IntVector scale1 = IntVector.fromMemorySegment(I, weights, words + VECTOR_BYTES, ORDER);
      float scale = scales[firstBlock + block];
      total0 = floats(low0).fma(q8Low(scale0).mul(scale), total0);
      total1 = floats(high0).fma(q8High(scale0).mul(scale), total1);
      total2 = floats(low1).fma(q8Low(scale1).mul(scale), total2);
      total3 = floats(high1).fma(q8High(scale1).mul(scale), total3);
    }
    store(total0, total1, start, y, yOffset, count);
    store(total2, total3, start + VECTOR_BYTES, y, yOffset, count);
  }

  @Override
  public void factors(int[] values, int length, int[] factors) {
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
              weights, panel, start, blocks, factors, scales, sums, token * blocks, y, to, count);
        }
      }
      panel += (long) blocks * Q4_BLOCK;
    }
  }

  private static void q4Pass(
      MemorySegment weights,
      long panel,
      int start,
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
      for (int group = 0; group < COLUMNS / 4; group++) {
        long at = words + LINE + (long) LINE * group;
        ShortVector w0 = ShortVector.fromMemorySegment(S, weights, at, ORDER);
        ShortVector w1 = ShortVector.fromMemorySegment(S, weights, at + VECTOR_BYTES, ORDER);
        int x = from + group * 4;
        ShortVector x0 = IntVector.broadcast(I, factors[x]).reinterpretAsShorts();
        ShortVector x1 = IntVector.broadcast(I, factors[x + 1]).reinterpretAsShorts();
        ShortVector x2 = IntVector.broadcast(I, factors[x + 2]).reinterpretAsShorts();
        ShortVector x3 = IntVector.broadcast(I, factors[x + 3]).reinterpretAsShorts();
        sum0 = sum0.add(w0.mul(x0));
        sum1 = sum1.add(w1.mul(x0));
        sum0 = sum0.add(w0.lanewise(LSHR, 4).mul(x1));
        sum1 = sum1.add(w1.lanewise(LSHR, 4).mul(x1));
        sum0 = sum0.add(w0.lanewise(LSHR, 8).mul(x2));
        sum1 = sum1.add(w1.lanewise(LSHR, 8).mul(x2));
        sum0 = sum0.add(w0.lanewise(LSHR, 12).mul(x3));
        sum1 = sum1.add(w1.lanewise(LSHR, 12).mul(x3));
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
      total0 = floats(low0).fma(q4Low(scale0).mul(scale), total0);
      total1 = floats(high0).fma(q4High(scale0).mul(scale), total1);
      total2 = floats(low1).fma(q4Low(scale1).mul(scale), total2);
      total3 = floats(high1).fma(q4High(scale1).mul(scale), total3);
    }
    store(total0, total1, start, y, yOffset, count);
    store(total2, total3, start + VECTOR_BYTES, y, yOffset, count);
  }

  @Override
  public void unpackQ8(
      MemorySegment weights, long byteOffset, int half, int blocks, float[] panel) {
    for (int start = 0; start < LINE / 2; start += VECTOR_BYTES) {
      int row = start / Integer.BYTES;
      long words = byteOffset + (long) (LINE / 2) * half + start;
      long bytes = byteOffset + LINE + (long) (ROWS / 2) * half + start / 2;
      for (int block = 0; block < blocks; block++, words += Q8_BLOCK, bytes += Q8_BLOCK) {
        IntVector scale = IntVector.fromMemorySegment(I, weights, words, ORDER);
        FloatVector low = q8Low(scale);
        FloatVector high = q8High(scale);
        int to = block * COLUMNS * (ROWS / 2) + row;
        for (int column = 0; column < COLUMNS; column++) {
          ByteVector w =
              ByteVector.fromMemorySegment(B, weights, bytes + (long) ROWS * column, ORDER);
          IntVector pair = w.convertShape(B2S, S, 0).reinterpretAsInts();
          int at = to + column * (ROWS / 2);
          floats(pair.lanewise(LSHL, 16).lanewise(ASHR, 16)).mul(low).intoArray(panel, at);
          floats(pair.lanewise(ASHR, 16)).mul(high).intoArray(panel, at + 16);
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
        FloatVector low = q4Low(scale);
        FloatVector high = q4High(scale);
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
            floats(lowQuarters.sub(lowZero)).mul(low).intoArray(panel, place);
            floats(highQuarters.sub(highZero)).mul(high).intoArray(panel, place + 16);
          }
        }
      }
    }
  }

  private static FloatVector floats(IntVector value) {
    return (FloatVector) value.convertShape(I2F, F, 0);
  }

  private static FloatVector q8Low(IntVector words) {
    return words.lanewise(LSHL, 16).lanewise(LSHR, 4).add(SCALE_BASE).reinterpretAsFloats();
  }

  private static FloatVector q8High(IntVector words) {
    return words.and(HIGH_HALF).lanewise(LSHR, 4).add(SCALE_BASE).reinterpretAsFloats();
  }

  private static FloatVector q4Low(IntVector words) {
    return words
        .lanewise(LSHL, SCALE_SHIFT)
        .and(Q4_SCALE_MASK)
        .add(Q4_SCALE_BASE)
        .reinterpretAsFloats();
  }

  private static FloatVector q4High(IntVector words) {
    return words.lanewise(LSHR, 4).and(Q4_SCALE_MASK).add(Q4_SCALE_BASE).reinterpretAsFloats();
  }

  /** Stores the rows of one vector of 16-bit lanes, as far as the matrix has them. */
  private static void store(
      FloatVector low, FloatVector high, int start, float[] y, int yOffset, int count) {
    int row = (start & (LINE / 2)) / 2 + (start & (LINE / 2 - 1)) / Integer.BYTES;
    storeRows(low, row, y, yOffset, count);
    storeRows(high, row + 16, y, yOffset, count);
  }

  static void storeRows(FloatVector values, int row, float[] y, int yOffset, int count) {
    if (row + LANES <= count) {
      values.intoArray(y, yOffset + row);
    } else if (row < count) {
      values.intoArray(y, yOffset + row, F.indexInRange(row, count));
    }
  }
}
