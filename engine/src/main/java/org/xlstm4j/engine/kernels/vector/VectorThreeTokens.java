package org.xlstm4j.engine.kernels.vector;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static org.xlstm4j.engine.kernels.Bfloat16.HIGH_HALF;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.xlstm4j.engine.kernels.RowKernels;

/**
 * Several rows of {@link RowKernels} with two or three tokens, the tokens of a control step: each
 * weight is loaded once and each activation once for all rows. A missing third token repeats the
 * second. A token's sums are those it has alone.
 */
final class VectorThreeTokens {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  private VectorThreeTokens() {}

  /** Four rows of f32 weights that are {@code apart} rows from each other. */
  static void f32FourRows(
      MemorySegment weights,
      long row0,
      int columns,
      int apart,
      float[] x,
      int xStride,
      int tokens,
      float[] y,
      int yOffset,
      int yStride) {
    long apartBytes = (long) Float.BYTES * columns * apart;
    long row1 = row0 + apartBytes;
    long row2 = row1 + apartBytes;
    long row3 = row2 + apartBytes;
    int x1 = xStride;
    int x2 = (tokens - 1) * xStride;
    FloatVector sum00 = FloatVector.zero(F);
    FloatVector sum01 = sum00;
    FloatVector sum02 = sum00;
    FloatVector sum10 = sum00;
    FloatVector sum11 = sum00;
    FloatVector sum12 = sum00;
    FloatVector sum20 = sum00;
    FloatVector sum21 = sum00;
    FloatVector sum22 = sum00;
    FloatVector sum30 = sum00;
    FloatVector sum31 = sum00;
    FloatVector sum32 = sum00;
    int bound = F.loopBound(columns);
    for (int at = 0; at < Float.BYTES * bound; at += Float.BYTES * LANES) {
      int column = at >> 2;
      FloatVector value0 = FloatVector.fromArray(F, x, column);
      FloatVector value1 = FloatVector.fromArray(F, x, x1 + column);
      FloatVector value2 = FloatVector.fromArray(F, x, x2 + column);
      FloatVector weight0 = FloatVector.fromMemorySegment(F, weights, row0 + at, ORDER);
      sum00 = weight0.fma(value0, sum00);
      sum01 = weight0.fma(value1, sum01);
      sum02 = weight0.fma(value2, sum02);
      FloatVector weight1 = FloatVector.fromMemorySegment(F, weights, row1 + at, ORDER);
      sum10 = weight1.fma(value0, sum10);
      sum11 = weight1.fma(value1, sum11);
      sum12 = weight1.fma(value2, sum12);
      FloatVector weight2 = FloatVector.fromMemorySegment(F, weights, row2 + at, ORDER);
      sum20 = weight2.fma(value0, sum20);
      sum21 = weight2.fma(value1, sum21);
      sum22 = weight2.fma(value2, sum22);
      FloatVector weight3 = FloatVector.fromMemorySegment(F, weights, row3 + at, ORDER);
      sum30 = weight3.fma(value0, sum30);
      sum31 = weight3.fma(value1, sum31);
      sum32 = weight3.fma(value2, sum32);
    }
    int y1 = yOffset + yStride;
    int y2 = yOffset + (tokens - 1) * yStride;
    y[yOffset] = VectorTotals.of(sum00);
    y[y1] = VectorTotals.of(sum01);
    y[y2] = VectorTotals.of(sum02);
    y[yOffset + apart] = VectorTotals.of(sum10);
    y[y1 + apart] = VectorTotals.of(sum11);
    y[y2 + apart] = VectorTotals.of(sum12);
    y[yOffset + 2 * apart] = VectorTotals.of(sum20);
    y[y1 + 2 * apart] = VectorTotals.of(sum21);
    y[y2 + 2 * apart] = VectorTotals.of(sum22);
    y[yOffset + 3 * apart] = VectorTotals.of(sum30);
    y[y1 + 3 * apart] = VectorTotals.of(sum31);
    y[y2 + 3 * apart] = VectorTotals.of(sum32);
    if (bound < columns) {
      for (int row = 0; row < 4; row++) {
        long from = row0 + row * apartBytes;
        int to = yOffset + row * apart;
        VectorF32RowKernels.addRest(weights, from, columns, x, xStride, tokens, y, to, yStride);
      }
    }
  }

  /** Two rows of bf16 weights that are {@code apart} rows from each other. */
  static void bf16TwoRows(
      MemorySegment weights,
      long row0,
      int columns,
      int apart,
      float[] x,
      int xStride,
      int tokens,
      float[] y,
      int yOffset,
      int yStride) {
    int half = columns >> 1;
    long row1 = row0 + (long) Short.BYTES * columns * apart;
    int x1 = xStride;
    int x2 = (tokens - 1) * xStride;
    FloatVector even00 = FloatVector.zero(F);
    FloatVector odd00 = even00;
    FloatVector even01 = even00;
    FloatVector odd01 = even00;
    FloatVector even02 = even00;
    FloatVector odd02 = even00;
    FloatVector even10 = even00;
    FloatVector odd10 = even00;
    FloatVector even11 = even00;
    FloatVector odd11 = even00;
    FloatVector even12 = even00;
    FloatVector odd12 = even00;
    int bound = F.loopBound(half);
    for (int column = 0; column < 2 * bound; column += 2 * LANES) {
      int pair = column >> 1;
      long at = (long) Short.BYTES * column;
      FloatVector evens0 = FloatVector.fromArray(F, x, pair);
      FloatVector odds0 = FloatVector.fromArray(F, x, half + pair);
      FloatVector evens1 = FloatVector.fromArray(F, x, x1 + pair);
      FloatVector odds1 = FloatVector.fromArray(F, x, x1 + half + pair);
      FloatVector evens2 = FloatVector.fromArray(F, x, x2 + pair);
      FloatVector odds2 = FloatVector.fromArray(F, x, x2 + half + pair);
      IntVector weight0 = IntVector.fromMemorySegment(I, weights, row0 + at, ORDER);
      FloatVector low0 = weight0.lanewise(LSHL, 16).reinterpretAsFloats();
      FloatVector high0 = weight0.and(HIGH_HALF).reinterpretAsFloats();
      even00 = low0.fma(evens0, even00);
      odd00 = high0.fma(odds0, odd00);
      even01 = low0.fma(evens1, even01);
      odd01 = high0.fma(odds1, odd01);
      even02 = low0.fma(evens2, even02);
      odd02 = high0.fma(odds2, odd02);
      IntVector weight1 = IntVector.fromMemorySegment(I, weights, row1 + at, ORDER);
      FloatVector low1 = weight1.lanewise(LSHL, 16).reinterpretAsFloats();
      FloatVector high1 = weight1.and(HIGH_HALF).reinterpretAsFloats();
      even10 = low1.fma(evens0, even10);
      odd10 = high1.fma(odds0, odd10);
      even11 = low1.fma(evens1, even11);
      odd11 = high1.fma(odds1, odd11);
      even12 = low1.fma(evens2, even12);
      odd12 = high1.fma(odds2, odd12);
    }
    int y1 = yOffset + yStride;
    int y2 = yOffset + (tokens - 1) * yStride;
    y[yOffset] = VectorTotals.of(even00.add(odd00));
    y[y1] = VectorTotals.of(even01.add(odd01));
    y[y2] = VectorTotals.of(even02.add(odd02));
    y[yOffset + apart] = VectorTotals.of(even10.add(odd10));
    y[y1 + apart] = VectorTotals.of(even11.add(odd11));
    y[y2 + apart] = VectorTotals.of(even12.add(odd12));
    if (2 * bound < columns) {
      VectorBf16RowKernels.addRest(weights, row0, columns, x, xStride, tokens, y, yOffset, yStride);
      VectorBf16RowKernels.addRest(
          weights, row1, columns, x, xStride, tokens, y, yOffset + apart, yStride);
    }
  }
}
