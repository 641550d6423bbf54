package org.xlstm4j.engine.kernels.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.xlstm4j.engine.kernels.FusedMultiplyAdd;
import org.xlstm4j.engine.kernels.LaneSums;
import org.xlstm4j.engine.kernels.RowAlignment;
import org.xlstm4j.engine.kernels.RowKernels;

/**
 * {@link RowKernels} for f32 weights with the Vector API: several rows in flight, so that the
 * memory, not the latency of an addition, is the limit. For the form of the loops see {@link
 * VectorBf16RowKernels}.
 */
final class VectorF32RowKernels implements RowKernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

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
    long rowBytes = (long) Float.BYTES * columns;
    int row = 0;
    if (tokens == 1 && columns >= LANES) {
      int quarter = rows / 4;
      for (; row < quarter; row++) {
        fourRows(weights, byteOffset + row * rowBytes, columns, quarter, x, y, yOffset + row);
      }
      row = 4 * quarter;
    } else if (tokens > 1 && tokens < MAX_TOKENS) {
      int quarter = rows / 4;
      for (; row < quarter; row++) {
        long from = byteOffset + row * rowBytes;
        int to = yOffset + row;
        VectorThreeTokens.f32FourRows(
            weights, from, columns, quarter, x, xStride, tokens, y, to, yStride);
      }
      row = 4 * quarter;
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
   * on: rows of a safetensors file may begin anywhere, and vectors that lie in two lines are read
   * slower, bf16 weights from memory by a quarter (EPYC 9005 with AVX-512, one core).
   */
  private static void fourRows(
      MemorySegment weights,
      long byteOffset,
      int columns,
      int apart,
      float[] x,
      float[] y,
      int yOffset) {
    long apartBytes = (long) Float.BYTES * columns * apart;
    long row1 = byteOffset + apartBytes;
    long row2 = row1 + apartBytes;
    long row3 = row2 + apartBytes;
    int head = RowAlignment.lanesBeforeLine(weights, byteOffset);
    int bound = head + F.loopBound(columns - head);
    FloatVector sum0 = FloatVector.zero(F);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    for (int at = Float.BYTES * head; at < Float.BYTES * bound; at += Float.BYTES * LANES) {
      FloatVector value = FloatVector.fromArray(F, x, at >> 2);
      sum0 = FloatVector.fromMemorySegment(F, weights, byteOffset + at, ORDER).fma(value, sum0);
      sum1 = FloatVector.fromMemorySegment(F, weights, row1 + at, ORDER).fma(value, sum1);
      sum2 = FloatVector.fromMemorySegment(F, weights, row2 + at, ORDER).fma(value, sum2);
      sum3 = FloatVector.fromMemorySegment(F, weights, row3 + at, ORDER).fma(value, sum3);
    }
    y[yOffset] = VectorTotals.of(sum0);
    y[yOffset + apart] = VectorTotals.of(sum1);
    y[yOffset + 2 * apart] = VectorTotals.of(sum2);
    y[yOffset + 3 * apart] = VectorTotals.of(sum3);
    if (bound - head < columns) {
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
    int last = columns - LANES;
    VectorMask<Float> before = VectorMask.fromLong(F, (1L << head) - 1);
    VectorMask<Float> behind = VectorMask.fromLong(F, -1L << (bound - last));
    FloatVector first = FloatVector.fromArray(F, x, 0, before);
    FloatVector rest = FloatVector.fromArray(F, x, last, behind);
    for (int row = 0; row < 4; row++) {
      long at = byteOffset + row * apartBytes;
      FloatVector sum = FloatVector.zero(F);
      sum = FloatVector.fromMemorySegment(F, weights, at, ORDER).fma(first, sum);
      long end = at + (long) Float.BYTES * last;
      sum = FloatVector.fromMemorySegment(F, weights, end, ORDER).fma(rest, sum);
      y[yOffset + row * apart] += VectorTotals.of(sum);
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
    long row1 = byteOffset + (long) Float.BYTES * columns * apart;
    int x1 = xStride;
    int x2 = tokens > 2 ? 2 * xStride : 0;
    int x3 = tokens > 3 ? 3 * xStride : 0;
    FloatVector sum0 = FloatVector.zero(F);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    FloatVector next0 = sum0;
    FloatVector next1 = sum0;
    FloatVector next2 = sum0;
    FloatVector next3 = sum0;
    int bound = F.loopBound(columns);
    for (int at = 0; at < Float.BYTES * bound; at += Float.BYTES * LANES) {
      int column = at >> 2;
      FloatVector weight = FloatVector.fromMemorySegment(F, weights, byteOffset + at, ORDER);
      FloatVector next = FloatVector.fromMemorySegment(F, weights, row1 + at, ORDER);
      FloatVector value = FloatVector.fromArray(F, x, column);
      sum0 = weight.fma(value, sum0);
      next0 = next.fma(value, next0);
      value = FloatVector.fromArray(F, x, x1 + column);
      sum1 = weight.fma(value, sum1);
      next1 = next.fma(value, next1);
      value = FloatVector.fromArray(F, x, x2 + column);
      sum2 = weight.fma(value, sum2);
      next2 = next.fma(value, next2);
      value = FloatVector.fromArray(F, x, x3 + column);
      sum3 = weight.fma(value, sum3);
      next3 = next.fma(value, next3);
    }
    float total0 = VectorTotals.of(sum0);
    float total1 = VectorTotals.of(sum1);
    float total2 = VectorTotals.of(sum2);
    float total3 = VectorTotals.of(sum3);
    float after0 = VectorTotals.of(next0);
    float after1 = VectorTotals.of(next1);
    float after2 = VectorTotals.of(next2);
    float after3 = VectorTotals.of(next3);
    RowSums.store(tokens, y, yOffset, yStride, total0, total1, total2, total3);
    RowSums.store(tokens, y, yOffset + apart, yStride, after0, after1, after2, after3);
    if (bound < columns) {
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
    int x1 = tokens > 1 ? xStride : 0;
    int x2 = tokens > 2 ? 2 * xStride : 0;
    int x3 = tokens > 3 ? 3 * xStride : 0;
    FloatVector sum0 = FloatVector.zero(F);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    int bound = F.loopBound(columns);
    for (int at = 0; at < Float.BYTES * bound; at += Float.BYTES * LANES) {
      int column = at >> 2;
      FloatVector weight = FloatVector.fromMemorySegment(F, weights, byteOffset + at, ORDER);
      sum0 = weight.fma(FloatVector.fromArray(F, x, column), sum0);
      sum1 = weight.fma(FloatVector.fromArray(F, x, x1 + column), sum1);
      sum2 = weight.fma(FloatVector.fromArray(F, x, x2 + column), sum2);
      sum3 = weight.fma(FloatVector.fromArray(F, x, x3 + column), sum3);
    }
    float total0 = VectorTotals.of(sum0);
    float total1 = VectorTotals.of(sum1);
    float total2 = VectorTotals.of(sum2);
    float total3 = VectorTotals.of(sum3);
    RowSums.store(tokens, y, yOffset, yStride, total0, total1, total2, total3);
    if (bound < columns) {
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
    for (int column = LaneSums.whole(columns); column < columns; column++) {
      float weight = weights.get(FLOAT, row + (long) Float.BYTES * column);
      for (int token = 0; token < tokens; token++) {
        int to = yOffset + token * yStride;
        y[to] = FusedMultiplyAdd.of(weight, x[token * xStride + column], y[to]);
      }
    }
  }
}
