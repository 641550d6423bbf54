package org.xlstm4j.engine.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;

/**
 * {@link TileKernels} with the Vector API. Register tiles are two vectors wide: eight rows where
 * there are 32 registers (512 bits, or 128 bits on ARM), four where there are 16.
 */
final class VectorTileKernels implements TileKernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();

  /** Whether sixteen accumulators stay in registers. */
  private static final boolean MANY_REGISTERS = LANES != 8;

  /** Vectors of packing hold a column of eight rows, or half of one: 256 bits or 128. */
  private static final VectorSpecies<Float> P = LANES < ROWS ? F : FloatVector.SPECIES_256;

  private static final int PACKED = P.length();
  private static final boolean WHOLE_COLUMNS = PACKED == ROWS;

  /** Which lanes of two vectors, one behind the other, make up their alternation's first half. */
  private static final IntVector FIRST = alternation(0);

  private static final IntVector SECOND = alternation(PACKED / 2);
  private static final TileKernels SCALAR = ScalarKernels.tiles();

  private static IntVector alternation(int start) {
    int[] lanes = new int[PACKED];
    for (int i = 0; i < PACKED; i++) {
      lanes[i] = i % 2 * PACKED + start + i / 2;
    }
    return IntVector.fromArray(VectorSpecies.of(int.class, P.vectorShape()), lanes, 0);
  }

  @Override
  public void tile(
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int depth,
      float[] start,
      int from,
      int startStride,
      float[] out,
      int to,
      int stride) {
    for (int j = 0; j < COLUMNS; j += 2 * LANES) {
      if (MANY_REGISTERS) {
        eightRows(
            a, aOffset, b, bOffset + j, depth, start, from + j, startStride, out, to + j, stride);
      } else {
        fourRows(
            a, aOffset, b, bOffset + j, depth, start, from + j, startStride, out, to + j, stride);
        int lowerFrom = from + 4 * startStride + j;
        int lower = to + 4 * stride + j;
        fourRows(
            a,
            aOffset + 4,
            b,
            bOffset + j,
            depth,
            start,
            lowerFrom,
            startStride,
            out,
            lower,
            stride);
      }
    }
  }

  /** Eight rows by two vectors: sixteen accumulators. */
  private static void eightRows(
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int depth,
      float[] start,
      int from,
      int startStride,
      float[] out,
      int to,
      int stride) {
    FloatVector left0 = FloatVector.fromArray(F, start, from);
    FloatVector right0 = FloatVector.fromArray(F, start, from + LANES);
    FloatVector left1 = FloatVector.fromArray(F, start, from + startStride);
    FloatVector right1 = FloatVector.fromArray(F, start, from + startStride + LANES);
    FloatVector left2 = FloatVector.fromArray(F, start, from + 2 * startStride);
    FloatVector right2 = FloatVector.fromArray(F, start, from + 2 * startStride + LANES);
    FloatVector left3 = FloatVector.fromArray(F, start, from + 3 * startStride);
    FloatVector right3 = FloatVector.fromArray(F, start, from + 3 * startStride + LANES);
    FloatVector left4 = FloatVector.fromArray(F, start, from + 4 * startStride);
    FloatVector right4 = FloatVector.fromArray(F, start, from + 4 * startStride + LANES);
    FloatVector left5 = FloatVector.fromArray(F, start, from + 5 * startStride);
    FloatVector right5 = FloatVector.fromArray(F, start, from + 5 * startStride + LANES);
    FloatVector left6 = FloatVector.fromArray(F, start, from + 6 * startStride);
    FloatVector right6 = FloatVector.fromArray(F, start, from + 6 * startStride + LANES);
    FloatVector left7 = FloatVector.fromArray(F, start, from + 7 * startStride);
    FloatVector right7 = FloatVector.fromArray(F, start, from + 7 * startStride + LANES);
    for (int d = 0; d < depth; d++) {
      FloatVector left = FloatVector.fromArray(F, b, bOffset + COLUMNS * d);
      FloatVector right = FloatVector.fromArray(F, b, bOffset + COLUMNS * d + LANES);
      int at = aOffset + ROWS * d;
      FloatVector factor = FloatVector.broadcast(F, a[at]);
      left0 = left.fma(factor, left0);
      right0 = right.fma(factor, right0);
      factor = FloatVector.broadcast(F, a[at + 1]);
      left1 = left.fma(factor, left1);
      right1 = right.fma(factor, right1);
      factor = FloatVector.broadcast(F, a[at + 2]);
      left2 = left.fma(factor, left2);
      right2 = right.fma(factor, right2);
      factor = FloatVector.broadcast(F, a[at + 3]);
      left3 = left.fma(factor, left3);
      right3 = right.fma(factor, right3);
      factor = FloatVector.broadcast(F, a[at + 4]);
      left4 = left.fma(factor, left4);
      right4 = right.fma(factor, right4);
      factor = FloatVector.broadcast(F, a[at + 5]);
      left5 = left.fma(factor, left5);
      right5 = right.fma(factor, right5);
      factor = FloatVector.broadcast(F, a[at + 6]);
      left6 = left.fma(factor, left6);
      right6 = right.fma(factor, right6);
      factor = FloatVector.broadcast(F, a[at + 7]);
      left7 = left.fma(factor, left7);
      right7 = right.fma(factor, right7);
    }
    left0.intoArray(out, to);
    right0.intoArray(out, to + LANES);
    left1.intoArray(out, to + stride);
    right1.intoArray(out, to + stride + LANES);
    left2.intoArray(out, to + 2 * stride);
    right2.intoArray(out, to + 2 * stride + LANES);
    left3.intoArray(out, to + 3 * stride);
    right3.intoArray(out, to + 3 * stride + LANES);
    left4.intoArray(out, to + 4 * stride);
    right4.intoArray(out, to + 4 * stride + LANES);
    left5.intoArray(out, to + 5 * stride);
    right5.intoArray(out, to + 5 * stride + LANES);
    left6.intoArray(out, to + 6 * stride);
    right6.intoArray(out, to + 6 * stride + LANES);
    left7.intoArray(out, to + 7 * stride);
    right7.intoArray(out, to + 7 * stride + LANES);
  }

  /** Four rows by two vectors: eight accumulators. */
  private static void fourRows(
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int depth,
      float[] start,
      int from,
      int startStride,
      float[] out,
      int to,
      int stride) {
    FloatVector left0 = FloatVector.fromArray(F, start, from);
    FloatVector right0 = FloatVector.fromArray(F, start, from + LANES);
    FloatVector left1 = FloatVector.fromArray(F, start, from + startStride);
    FloatVector right1 = FloatVector.fromArray(F, start, from + startStride + LANES);
    FloatVector left2 = FloatVector.fromArray(F, start, from + 2 * startStride);
    FloatVector right2 = FloatVector.fromArray(F, start, from + 2 * startStride + LANES);
    FloatVector left3 = FloatVector.fromArray(F, start, from + 3 * startStride);
    FloatVector right3 = FloatVector.fromArray(F, start, from + 3 * startStride + LANES);
    for (int d = 0; d < depth; d++) {
      FloatVector left = FloatVector.fromArray(F, b, bOffset + COLUMNS * d);
      FloatVector right = FloatVector.fromArray(F, b, bOffset + COLUMNS * d + LANES);
      int at = aOffset + ROWS * d;
      FloatVector factor = FloatVector.broadcast(F, a[at]);
      left0 = left.fma(factor, left0);
      right0 = right.fma(factor, right0);
      factor = FloatVector.broadcast(F, a[at + 1]);
      left1 = left.fma(factor, left1);
      right1 = right.fma(factor, right1);
      factor = FloatVector.broadcast(F, a[at + 2]);
      left2 = left.fma(factor, left2);
      right2 = right.fma(factor, right2);
      factor = FloatVector.broadcast(F, a[at + 3]);
      left3 = left.fma(factor, left3);
      right3 = right.fma(factor, right3);
    }
    left0.intoArray(out, to);
    right0.intoArray(out, to + LANES);
    left1.intoArray(out, to + stride);
    right1.intoArray(out, to + stride + LANES);
    left2.intoArray(out, to + 2 * stride);
    right2.intoArray(out, to + 2 * stride + LANES);
    left3.intoArray(out, to + 3 * stride);
    right3.intoArray(out, to + 3 * stride + LANES);
  }

  /**
   * Eight vectors one behind the other are shuffled like cards three times, the first half of the
   * deck alternating with the second: then what was eight rows is columns of eight.
   */
  @Override
  public void pack(
      float[] x, int offset, int stride, int columns, float[] out, int to, int outStride) {
    IntVector first = FIRST;
    IntVector second = SECOND;
    int step1 = WHOLE_COLUMNS ? outStride : PACKED;
    int step2 = WHOLE_COLUMNS ? 2 * outStride : outStride;
    int bound = P.loopBound(columns);
    for (int column = 0; column < bound; column += PACKED) {
      int from = offset + column;
      IntVector a0 = FloatVector.fromArray(P, x, from).reinterpretAsInts();
      IntVector a1 = FloatVector.fromArray(P, x, from + stride).reinterpretAsInts();
      IntVector a2 = FloatVector.fromArray(P, x, from + 2 * stride).reinterpretAsInts();
      IntVector a3 = FloatVector.fromArray(P, x, from + 3 * stride).reinterpretAsInts();
      IntVector a4 = FloatVector.fromArray(P, x, from + 4 * stride).reinterpretAsInts();
      IntVector a5 = FloatVector.fromArray(P, x, from + 5 * stride).reinterpretAsInts();
      IntVector a6 = FloatVector.fromArray(P, x, from + 6 * stride).reinterpretAsInts();
      IntVector a7 = FloatVector.fromArray(P, x, from + 7 * stride).reinterpretAsInts();
      IntVector b0 = first.selectFrom(a0, a4);
      IntVector b1 = second.selectFrom(a0, a4);
      IntVector b2 = first.selectFrom(a1, a5);
      IntVector b3 = second.selectFrom(a1, a5);
      IntVector b4 = first.selectFrom(a2, a6);
      IntVector b5 = second.selectFrom(a2, a6);
      IntVector b6 = first.selectFrom(a3, a7);
      IntVector b7 = second.selectFrom(a3, a7);
      a0 = first.selectFrom(b0, b4);
      a1 = second.selectFrom(b0, b4);
      a2 = first.selectFrom(b1, b5);
      a3 = second.selectFrom(b1, b5);
      a4 = first.selectFrom(b2, b6);
      a5 = second.selectFrom(b2, b6);
      a6 = first.selectFrom(b3, b7);
      a7 = second.selectFrom(b3, b7);
      b0 = first.selectFrom(a0, a4);
      b1 = second.selectFrom(a0, a4);
      b2 = first.selectFrom(a1, a5);
      b3 = second.selectFrom(a1, a5);
      b4 = first.selectFrom(a2, a6);
      b5 = second.selectFrom(a2, a6);
      b6 = first.selectFrom(a3, a7);
      b7 = second.selectFrom(a3, a7);
      int at = to + column * outStride;
      b0.reinterpretAsFloats().intoArray(out, at);
      b1.reinterpretAsFloats().intoArray(out, at + step1);
      at += step2;
      b2.reinterpretAsFloats().intoArray(out, at);
      b3.reinterpretAsFloats().intoArray(out, at + step1);
      at += step2;
      b4.reinterpretAsFloats().intoArray(out, at);
      b5.reinterpretAsFloats().intoArray(out, at + step1);
      at += step2;
      b6.reinterpretAsFloats().intoArray(out, at);
      b7.reinterpretAsFloats().intoArray(out, at + step1);
    }
    int rest = columns - bound;
    SCALAR.pack(x, offset + bound, stride, rest, out, to + bound * outStride, outStride);
  }
}
