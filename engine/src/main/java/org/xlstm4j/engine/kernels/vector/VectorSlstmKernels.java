package org.xlstm4j.engine.kernels.vector;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static org.xlstm4j.engine.kernels.Bfloat16.HIGH_HALF;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.xlstm4j.engine.kernels.SlstmKernels;

/** {@link SlstmKernels} with the Vector API. */
final class VectorSlstmKernels implements SlstmKernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /**
   * One panel is 64 outputs: four vectors of 512 bits, with two inputs in flight to hide the
   * latency of the multiply-adds; or eight accumulators of narrower vectors, in one or two passes.
   */
  @Override
  public void recurrentF32(
      MemorySegment weights,
      long byteOffset,
      int inputs,
      int firstPanel,
      int lastPanel,
      float[] y,
      int yOffset,
      float[] sums,
      int sumsOffset) {
    for (int panel = firstPanel; panel < lastPanel; panel++) {
      long from = byteOffset + (long) Float.BYTES * PANEL * inputs * panel;
      int to = sumsOffset + panel * PANEL;
      if (LANES >= 16) {
        recurrentFourVectors(weights, from, inputs, y, yOffset, sums, to);
      } else {
        for (int j = 0; j < PANEL; j += 8 * LANES) {
          recurrentEightVectors(
              weights, from + (long) Float.BYTES * j, inputs, y, yOffset, sums, to + j);
        }
      }
    }
  }

  private static void recurrentFourVectors(
      MemorySegment weights,
      long byteOffset,
      int inputs,
      float[] y,
      int yOffset,
      float[] sums,
      int to) {
    FloatVector even0 = FloatVector.zero(F);
    FloatVector even1 = even0;
    FloatVector even2 = even0;
    FloatVector even3 = even0;
    FloatVector odd0 = even0;
    FloatVector odd1 = even0;
    FloatVector odd2 = even0;
    FloatVector odd3 = even0;
    long vector = (long) Float.BYTES * LANES;
    long row = (long) Float.BYTES * PANEL;
    int i = 0;
    for (; i <= inputs - 2; i += 2) {
      long at = byteOffset + row * i;
      FloatVector factor = FloatVector.broadcast(F, y[yOffset + i]);
      even0 = FloatVector.fromMemorySegment(F, weights, at, ORDER).fma(factor, even0);
      even1 = FloatVector.fromMemorySegment(F, weights, at + vector, ORDER).fma(factor, even1);
      even2 = FloatVector.fromMemorySegment(F, weights, at + 2 * vector, ORDER).fma(factor, even2);
      even3 = FloatVector.fromMemorySegment(F, weights, at + 3 * vector, ORDER).fma(factor, even3);
      at += row;
      factor = FloatVector.broadcast(F, y[yOffset + i + 1]);
      odd0 = FloatVector.fromMemorySegment(F, weights, at, ORDER).fma(factor, odd0);
      odd1 = FloatVector.fromMemorySegment(F, weights, at + vector, ORDER).fma(factor, odd1);
      odd2 = FloatVector.fromMemorySegment(F, weights, at + 2 * vector, ORDER).fma(factor, odd2);
      odd3 = FloatVector.fromMemorySegment(F, weights, at + 3 * vector, ORDER).fma(factor, odd3);
    }
    if (i < inputs) {
      long at = byteOffset + row * i;
      FloatVector factor = FloatVector.broadcast(F, y[yOffset + i]);
      even0 = FloatVector.fromMemorySegment(F, weights, at, ORDER).fma(factor, even0);
      even1 = FloatVector.fromMemorySegment(F, weights, at + vector, ORDER).fma(factor, even1);
      even2 = FloatVector.fromMemorySegment(F, weights, at + 2 * vector, ORDER).fma(factor, even2);
      even3 = FloatVector.fromMemorySegment(F, weights, at + 3 * vector, ORDER).fma(factor, even3);
    }
    even0.add(odd0).intoArray(sums, to);
    even1.add(odd1).intoArray(sums, to + LANES);
    even2.add(odd2).intoArray(sums, to + 2 * LANES);
    even3.add(odd3).intoArray(sums, to + 3 * LANES);
  }

  private static void recurrentEightVectors(
      MemorySegment weights,
      long byteOffset,
      int inputs,
      float[] y,
      int yOffset,
      float[] sums,
      int to) {
    FloatVector sum0 = FloatVector.zero(F);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    FloatVector sum4 = sum0;
    FloatVector sum5 = sum0;
    FloatVector sum6 = sum0;
    FloatVector sum7 = sum0;
    long vector = (long) Float.BYTES * LANES;
    for (int i = 0; i < inputs; i++) {
      long at = byteOffset + (long) Float.BYTES * PANEL * i;
      FloatVector factor = FloatVector.broadcast(F, y[yOffset + i]);
      sum0 = FloatVector.fromMemorySegment(F, weights, at, ORDER).fma(factor, sum0);
      sum1 = FloatVector.fromMemorySegment(F, weights, at + vector, ORDER).fma(factor, sum1);
      sum2 = FloatVector.fromMemorySegment(F, weights, at + 2 * vector, ORDER).fma(factor, sum2);
      sum3 = FloatVector.fromMemorySegment(F, weights, at + 3 * vector, ORDER).fma(factor, sum3);
      sum4 = FloatVector.fromMemorySegment(F, weights, at + 4 * vector, ORDER).fma(factor, sum4);
      sum5 = FloatVector.fromMemorySegment(F, weights, at + 5 * vector, ORDER).fma(factor, sum5);
      sum6 = FloatVector.fromMemorySegment(F, weights, at + 6 * vector, ORDER).fma(factor, sum6);
      sum7 = FloatVector.fromMemorySegment(F, weights, at + 7 * vector, ORDER).fma(factor, sum7);
    }
    sum0.intoArray(sums, to);
    sum1.intoArray(sums, to + LANES);
    sum2.intoArray(sums, to + 2 * LANES);
    sum3.intoArray(sums, to + 3 * LANES);
    sum4.intoArray(sums, to + 4 * LANES);
    sum5.intoArray(sums, to + 5 * LANES);
    sum6.intoArray(sums, to + 6 * LANES);
    sum7.intoArray(sums, to + 7 * LANES);
  }

  @Override
  public void recurrentBf16(
      MemorySegment weights,
      long byteOffset,
      int inputs,
      int firstPanel,
      int lastPanel,
      float[] y,
      int yOffset,
      float[] sums,
      int sumsOffset) {
    for (int panel = firstPanel; panel < lastPanel; panel++) {
      long from = byteOffset + (long) Short.BYTES * PANEL * inputs * panel;
      int to = sumsOffset + panel * PANEL;
      if (LANES >= 16) {
        recurrentTwoPairs(weights, from, inputs, y, yOffset, sums, to);
      } else {
        for (int k = 0; k < 16; k += LANES) {
          recurrentPairsApart(
              weights, from + (long) Integer.BYTES * k, inputs, y, yOffset, sums, to + k);
        }
      }
    }
  }

  /** A whole panel: two vectors of pairs, two inputs in flight. */
  private static void recurrentTwoPairs(
      MemorySegment weights,
      long byteOffset,
      int inputs,
      float[] y,
      int yOffset,
      float[] sums,
      int to) {
    FloatVector even0 = FloatVector.zero(F);
    FloatVector even1 = even0;
    FloatVector even2 = even0;
    FloatVector even3 = even0;
    FloatVector odd0 = even0;
    FloatVector odd1 = even0;
    FloatVector odd2 = even0;
    FloatVector odd3 = even0;
    long row = (long) Short.BYTES * PANEL;
    long half = row / 2;
    int i = 0;
    for (; i <= inputs - 2; i += 2) {
      long at = byteOffset + row * i;
      FloatVector factor = FloatVector.broadcast(F, y[yOffset + i]);
      IntVector left = IntVector.fromMemorySegment(I, weights, at, ORDER);
      IntVector right = IntVector.fromMemorySegment(I, weights, at + half, ORDER);
      even0 = left.lanewise(LSHL, 16).reinterpretAsFloats().fma(factor, even0);
      even1 = left.and(HIGH_HALF).reinterpretAsFloats().fma(factor, even1);
      even2 = right.lanewise(LSHL, 16).reinterpretAsFloats().fma(factor, even2);
      even3 = right.and(HIGH_HALF).reinterpretAsFloats().fma(factor, even3);
      factor = FloatVector.broadcast(F, y[yOffset + i + 1]);
      left = IntVector.fromMemorySegment(I, weights, at + row, ORDER);
      right = IntVector.fromMemorySegment(I, weights, at + row + half, ORDER);
      odd0 = left.lanewise(LSHL, 16).reinterpretAsFloats().fma(factor, odd0);
      odd1 = left.and(HIGH_HALF).reinterpretAsFloats().fma(factor, odd1);
      odd2 = right.lanewise(LSHL, 16).reinterpretAsFloats().fma(factor, odd2);
      odd3 = right.and(HIGH_HALF).reinterpretAsFloats().fma(factor, odd3);
    }
    if (i < inputs) {
      long at = byteOffset + row * i;
      FloatVector factor = FloatVector.broadcast(F, y[yOffset + i]);
      IntVector left = IntVector.fromMemorySegment(I, weights, at, ORDER);
      IntVector right = IntVector.fromMemorySegment(I, weights, at + half, ORDER);
      even0 = left.lanewise(LSHL, 16).reinterpretAsFloats().fma(factor, even0);
      even1 = left.and(HIGH_HALF).reinterpretAsFloats().fma(factor, even1);
      even2 = right.lanewise(LSHL, 16).reinterpretAsFloats().fma(factor, even2);
      even3 = right.and(HIGH_HALF).reinterpretAsFloats().fma(factor, even3);
    }
    even0.add(odd0).intoArray(sums, to);
    even1.add(odd1).intoArray(sums, to + 16);
    even2.add(odd2).intoArray(sums, to + 32);
    even3.add(odd3).intoArray(sums, to + 48);
  }

  /** Outputs {@code j, j + 16, j + 32, j + 48} of a panel for a vector of j's. */
  private static void recurrentPairsApart(
      MemorySegment weights,
      long byteOffset,
      int inputs,
      float[] y,
      int yOffset,
      float[] sums,
      int to) {
    FloatVector sum0 = FloatVector.zero(F);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    long row = (long) Short.BYTES * PANEL;
    long half = row / 2;
    for (int i = 0; i < inputs; i++) {
      long at = byteOffset + row * i;
      FloatVector factor = FloatVector.broadcast(F, y[yOffset + i]);
      IntVector left = IntVector.fromMemorySegment(I, weights, at, ORDER);
      IntVector right = IntVector.fromMemorySegment(I, weights, at + half, ORDER);
      sum0 = left.lanewise(LSHL, 16).reinterpretAsFloats().fma(factor, sum0);
      sum1 = left.and(HIGH_HALF).reinterpretAsFloats().fma(factor, sum1);
      sum2 = right.lanewise(LSHL, 16).reinterpretAsFloats().fma(factor, sum2);
      sum3 = right.and(HIGH_HALF).reinterpretAsFloats().fma(factor, sum3);
    }
    sum0.intoArray(sums, to);
    sum1.intoArray(sums, to + 16);
    sum2.intoArray(sums, to + 32);
    sum3.intoArray(sums, to + 48);
  }

  @Override
  public void stabilizeGates(
      float[] gates,
      int offset,
      int stride,
      float[] normalizer,
      float[] stabilizer,
      int at,
      int length) {
    for (int j = 0; j < length; j += LANES) {
      FloatVector input = FloatVector.fromArray(F, gates, offset + j);
      FloatVector m = FloatVector.fromArray(F, stabilizer, at + j);
      FloatVector kept = FloatVector.fromArray(F, gates, offset + stride + j).add(m);
      FloatVector n = FloatVector.fromArray(F, normalizer, at + j);
      FloatVector next = input.max(kept).blend(input, n.compare(EQ, 0f));
      input.sub(next).intoArray(gates, offset + j);
      kept.sub(next).intoArray(gates, offset + stride + j);
      next.intoArray(stabilizer, at + j);
    }
  }

  @Override
  public void scalarMemoryStep(
      float[] gates, int offset, int stride, float[] cell, float[] normalizer, int at, int length) {
    for (int j = 0; j < length; j += LANES) {
      FloatVector input = FloatVector.fromArray(F, gates, offset + j).min(1f);
      FloatVector forget = FloatVector.fromArray(F, gates, offset + stride + j).min(1f);
      FloatVector value = FloatVector.fromArray(F, gates, offset + 2 * stride + j);
      int output = offset + 3 * stride + j;
      FloatVector c = FloatVector.fromArray(F, cell, at + j).fma(forget, input.mul(value));
      FloatVector n = FloatVector.fromArray(F, normalizer, at + j).fma(forget, input);
      c.intoArray(cell, at + j);
      n.intoArray(normalizer, at + j);
      FloatVector.fromArray(F, gates, output).mul(c).div(n).intoArray(gates, output);
    }
  }
}
