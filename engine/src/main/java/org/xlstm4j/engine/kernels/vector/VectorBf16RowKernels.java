package org.xlstm4j.engine.kernels.vector;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static org.xlstm4j.engine.kernels.Bfloat16.HIGH_HALF;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.xlstm4j.engine.kernels.FusedMultiplyAdd;
import org.xlstm4j.engine.kernels.LaneSums;
import org.xlstm4j.engine.kernels.RowAlignment;
import org.xlstm4j.engine.kernels.RowKernels;

/**
 * {@link RowKernels} for bf16 weights with the Vector API: two weights a lane, several rows in
 * flight, so that the memory, not the latency of an addition, is the limit.
 *
 * <p>The loops count in the weights' steps and shift the index for the activations. That keeps C2
 * from unrolling them, and so the loads in the order the prefetcher follows: with bf16 19.2 GB/s
 * instead of 14.4 from memory (read bandwidth 20.5; EPYC with AVX-512, one core, Temurin 25.0.3).
 */
final class VectorBf16RowKernels implements RowKernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  @Override
  public void multiply(
      MemorySegment weights,
      long byteOffset,
      int columns,
      int rows,
      float[] x,
      int xStride,
      int tokens,
      float[] y,
      int yOffset,
      int yStride) {
    long rowBytes = (long) Short.BYTES * columns;
    int row = 0;
    if (tokens == 1 && columns >= 2 * LANES) {
      int quarter = rows / 4;
      for (; row < quarter; row++) {
        long from = byteOffset + row * rowBytes;
        fourRows(weights, from, columns, quarter, x, y, yOffset + row);
      }
      row = 4 * quarter;
    } else if (tokens > 1 && tokens < MAX_TOKENS) {
      int half = rows / 2;
      for (; row < half; row++) {
        long from = byteOffset + row * rowBytes;
        int to = yOffset + row;
        VectorThreeTokens.bf16TwoRows(
            weights, from, columns, half, x, xStride, tokens, y, to, yStride);
      }
      row = 2 * half;
    } else if (tokens == MAX_TOKENS) {
      int pairs = rows / 2;
      for (; row < pairs; row++) {
        long from = byteOffset + row * rowBytes;
        int to = yOffset + row;
        twoRows(weights, from, columns, pairs, x, xStride, tokens, y, to, yStride);
      }
      row = 2 * pairs;
    }
    for (; row < rows; row++) {
      long from = byteOffset + row * rowBytes;
      rowOfTokens(weights, from, columns, x, xStride, tokens, y, yOffset + row, yStride);
    }
  }

  /**
   * Four rows that are {@code apart} rows from each other, from the first whole line of the cache
   * on, as {@link VectorF32RowKernels} does.
   */
  private static void fourRows(
      MemorySegment weights,
      long byteOffset,
      int columns,
      int apart,
      float[] x,
      float[] y,
      int yOffset) {
    int half = columns >> 1;
    long apartBytes = (long) Short.BYTES * columns * apart;
    long row1 = byteOffset + apartBytes;
    long row2 = row1 + apartBytes;
    long row3 = row2 + apartBytes;
    int head = RowAlignment.lanesBeforeLine(weights, byteOffset);
    int bound = head + F.loopBound(half - head);
    FloatVector sum0 = FloatVector.zero(F);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    FloatVector odd0 = sum0;
    FloatVector odd1 = sum0;
    FloatVector odd2 = sum0;
    FloatVector odd3 = sum0;
    for (int column = 2 * head; column < 2 * bound; column += 2 * LANES) {
      int pair = column >> 1;
      FloatVector even = FloatVector.fromArray(F, x, pair);
      FloatVector odd = FloatVector.fromArray(F, x, half + pair);
      long at = (long) Short.BYTES * column;
      IntVector weight0 = IntVector.fromMemorySegment(I, weights, byteOffset + at, ORDER);
      IntVector weight1 = IntVector.fromMemorySegment(I, weights, row1 + at, ORDER);
      IntVector weight2 = IntVector.fromMemorySegment(I, weights, row2 + at, ORDER);
      IntVector weight3 = IntVector.fromMemorySegment(I, weights, row3 + at, ORDER);
      sum0 = weight0.lanewise(LSHL, 16).reinterpretAsFloats().fma(even, sum0);
      odd0 = weight0.and(HIGH_HALF).reinterpretAsFloats().fma(odd, odd0);
      sum1 = weight1.lanewise(LSHL, 16).reinterpretAsFloats().fma(even, sum1);
      odd1 = weight1.and(HIGH_HALF).reinterpretAsFloats().fma(odd, odd1);
      sum2 = weight2.lanewise(LSHL, 16).reinterpretAsFloats().fma(even, sum2);
      odd2 = weight2.and(HIGH_HALF).reinterpretAsFloats().fma(odd, odd2);
      sum3 = weight3.lanewise(LSHL, 16).reinterpretAsFloats().fma(even, sum3);
      odd3 = weight3.and(HIGH_HALF).reinterpretAsFloats().fma(odd, odd3);
    }
    y[yOffset] = VectorTotals.of(sum0.add(odd0));
    y[yOffset + apart] = VectorTotals.of(sum1.add(odd1));
    y[yOffset + 2 * apart] = VectorTotals.of(sum2.add(odd2));
    y[yOffset + 3 * apart] = VectorTotals.of(sum3.add(odd3));
    if (2 * (bound - head) < columns) {
      addEnds(weights, byteOffset, columns, apartBytes, head, bound, x, y, yOffset, apart);
    }
  }

  /** Adds the columns before the first whole line and those behind the last to four rows. */
  private static void addEnds(
      MemorySegment weights,
      long byteOffset,
      int columns,
      long apartBytes,
      int head,
      int bound,
      float[] x,
      float[] y,
      int yOffset,
      int apart) {
    int half = columns >> 1;
    int last = half - LANES;
    VectorMask<Float> before = VectorMask.fromLong(F, (1L << head) - 1);
    VectorMask<Float> behind = VectorMask.fromLong(F, -1L << (bound - last));
    FloatVector firstEven = FloatVector.fromArray(F, x, 0, before);
    FloatVector firstOdd = FloatVector.fromArray(F, x, half, before);
    FloatVector restEven = FloatVector.fromArray(F, x, last, behind);
    FloatVector restOdd = FloatVector.fromArray(F, x, half + last, behind);
    for (int row = 0; row < 4; row++) {
      long at = byteOffset + row * apartBytes;
      IntVector first = IntVector.fromMemorySegment(I, weights, at, ORDER);
      IntVector rest = IntVector.fromMemorySegment(I, weights, at + 4L * last, ORDER);
      FloatVector even = FloatVector.zero(F);
      FloatVector odd = even;
      even = first.lanewise(LSHL, 16).reinterpretAsFloats().fma(firstEven, even);
      odd = first.and(HIGH_HALF).reinterpretAsFloats().fma(firstOdd, odd);
      even = rest.lanewise(LSHL, 16).reinterpretAsFloats().fma(restEven, even);
      odd = rest.and(HIGH_HALF).reinterpretAsFloats().fma(restOdd, odd);
      float sum = VectorTotals.of(even.add(odd));
      if ((columns & 1) != 0) {
        float weight = weightAt(weights, at + (long) Short.BYTES * (columns - 1));
        sum = FusedMultiplyAdd.of(weight, x[columns - 1], sum);
      }
      y[yOffset + row * apart] += sum;
    }
  }

  /**
   * Two rows that are {@code apart} rows from each other, with two to four tokens; missing tokens
   * repeat the first and are not stored.
   */
  private static void twoRows(
      MemorySegment weights,
      long byteOffset,
      int columns,
      int apart,
      float[] x,
      int xStride,
      int tokens,
      float[] y,
      int yOffset,
      int yStride) {
    long row1 = byteOffset + (long) Short.BYTES * columns * apart;
    int half = columns >> 1;
    int x1 = xStride;
    int x2 = tokens > 2 ? 2 * xStride : 0;
    int x3 = tokens > 3 ? 3 * xStride : 0;
    FloatVector sum0 = FloatVector.zero(F);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    FloatVector odd0 = sum0;
    FloatVector odd1 = sum0;
    FloatVector odd2 = sum0;
    FloatVector odd3 = sum0;
    FloatVector next0 = sum0;
    FloatVector next1 = sum0;
    FloatVector next2 = sum0;
    FloatVector next3 = sum0;
    FloatVector nextOdd0 = sum0;
    FloatVector nextOdd1 = sum0;
    FloatVector nextOdd2 = sum0;
    FloatVector nextOdd3 = sum0;
    int bound = F.loopBound(half);
    for (int column = 0; column < 2 * bound; column += 2 * LANES) {
      int pair = column >> 1;
      long at = (long) Short.BYTES * column;
      IntVector weight = IntVector.fromMemorySegment(I, weights, byteOffset + at, ORDER);
      IntVector next = IntVector.fromMemorySegment(I, weights, row1 + at, ORDER);
      FloatVector even = weight.lanewise(LSHL, 16).reinterpretAsFloats();
      FloatVector nextEven = next.lanewise(LSHL, 16).reinterpretAsFloats();
      FloatVector value = FloatVector.fromArray(F, x, pair);
      sum0 = even.fma(value, sum0);
      next0 = nextEven.fma(value, next0);
      value = FloatVector.fromArray(F, x, x1 + pair);
      sum1 = even.fma(value, sum1);
      next1 = nextEven.fma(value, next1);
      value = FloatVector.fromArray(F, x, x2 + pair);
      sum2 = even.fma(value, sum2);
      next2 = nextEven.fma(value, next2);
      value = FloatVector.fromArray(F, x, x3 + pair);
      sum3 = even.fma(value, sum3);
      next3 = nextEven.fma(value, next3);
      FloatVector odd = weight.and(HIGH_HALF).reinterpretAsFloats();
      FloatVector nextOdd = next.and(HIGH_HALF).reinterpretAsFloats();
      value = FloatVector.fromArray(F, x, half + pair);
      odd0 = odd.fma(value, odd0);
      nextOdd0 = nextOdd.fma(value, nextOdd0);
      value = FloatVector.fromArray(F, x, x1 + half + pair);
      odd1 = odd.fma(value, odd1);
      nextOdd1 = nextOdd.fma(value, nextOdd1);
      value = FloatVector.fromArray(F, x, x2 + half + pair);
      odd2 = odd.fma(value, odd2);
      nextOdd2 = nextOdd.fma(value, nextOdd2);
      value = FloatVector.fromArray(F, x, x3 + half + pair);
      odd3 = odd.fma(value, odd3);
      nextOdd3 = nextOdd.fma(value, nextOdd3);
    }
    float total0 = VectorTotals.of(sum0.add(odd0));
    float total1 = VectorTotals.of(sum1.add(odd1));
    float total2 = VectorTotals.of(sum2.add(odd2));
    float total3 = VectorTotals.of(sum3.add(odd3));
    float after0 = VectorTotals.of(next0.add(nextOdd0));
    float after1 = VectorTotals.of(next1.add(nextOdd1));
    float after2 = VectorTotals.of(next2.add(nextOdd2));
    float after3 = VectorTotals.of(next3.add(nextOdd3));
    RowSums.store(tokens, y, yOffset, yStride, total0, total1, total2, total3);
    RowSums.store(tokens, y, yOffset + apart, yStride, after0, after1, after2, after3);
    if (2 * bound < columns) {
      addRest(weights, byteOffset, columns, x, xStride, tokens, y, yOffset, yStride);
      addRest(weights, row1, columns, x, xStride, tokens, y, yOffset + apart, yStride);
    }
  }

  /** One row with one to four tokens; missing tokens repeat the first and are not stored. */
  private static void rowOfTokens(
      MemorySegment weights,
      long byteOffset,
      int columns,
      float[] x,
      int xStride,
      int tokens,
      float[] y,
      int yOffset,
      int yStride) {
    int half = columns >> 1;
    int x1 = tokens > 1 ? xStride : 0;
    int x2 = tokens > 2 ? 2 * xStride : 0;
    int x3 = tokens > 3 ? 3 * xStride : 0;
    FloatVector sum0 = FloatVector.zero(F);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    FloatVector odd0 = sum0;
    FloatVector odd1 = sum0;
    FloatVector odd2 = sum0;
    FloatVector odd3 = sum0;
    int bound = F.loopBound(half);
    for (int column = 0; column < 2 * bound; column += 2 * LANES) {
      int pair = column >> 1;
      long at = byteOffset + (long) Short.BYTES * column;
      IntVector weight = IntVector.fromMemorySegment(I, weights, at, ORDER);
      FloatVector even = weight.lanewise(LSHL, 16).reinterpretAsFloats();
      FloatVector odd = weight.and(HIGH_HALF).reinterpretAsFloats();
      sum0 = even.fma(FloatVector.fromArray(F, x, pair), sum0);
      odd0 = odd.fma(FloatVector.fromArray(F, x, half + pair), odd0);
      sum1 = even.fma(FloatVector.fromArray(F, x, x1 + pair), sum1);
      odd1 = odd.fma(FloatVector.fromArray(F, x, x1 + half + pair), odd1);
      sum2 = even.fma(FloatVector.fromArray(F, x, x2 + pair), sum2);
      odd2 = odd.fma(FloatVector.fromArray(F, x, x2 + half + pair), odd2);
      sum3 = even.fma(FloatVector.fromArray(F, x, x3 + pair), sum3);
      odd3 = odd.fma(FloatVector.fromArray(F, x, x3 + half + pair), odd3);
    }
    float total0 = VectorTotals.of(sum0.add(odd0));
    float total1 = VectorTotals.of(sum1.add(odd1));
    float total2 = VectorTotals.of(sum2.add(odd2));
    float total3 = VectorTotals.of(sum3.add(odd3));
    RowSums.store(tokens, y, yOffset, yStride, total0, total1, total2, total3);
    if (2 * bound < columns) {
      addRest(weights, byteOffset, columns, x, xStride, tokens, y, yOffset, yStride);
    }
  }

  /** Adds the columns behind the last whole vector to a row's results. */
  static void addRest(
      MemorySegment weights,
      long row,
      int columns,
      float[] x,
      int xStride,
      int tokens,
      float[] y,
      int yOffset,
      int yStride) {
    for (int column = 2 * LaneSums.whole(columns >> 1); column < columns; column++) {
      float weight = weightAt(weights, row + (long) Short.BYTES * column);
      int at = splitIndex(column, columns);
      for (int token = 0; token < tokens; token++) {
        int to = yOffset + token * yStride;
        y[to] = FusedMultiplyAdd.of(weight, x[token * xStride + at], y[to]);
      }
    }
  }

  private static int splitIndex(int column, int columns) {
    if (column == columns - 1 && (columns & 1) != 0) {
      return column;
    }
    return (column >> 1) + ((column & 1) == 0 ? 0 : columns >> 1);
  }

  private static float weightAt(MemorySegment weights, long byteOffset) {
    return Float.intBitsToFloat(weights.get(SHORT, byteOffset) << 16);
  }
}
