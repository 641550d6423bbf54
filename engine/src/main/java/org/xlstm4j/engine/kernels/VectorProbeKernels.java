package org.xlstm4j.engine.kernels;

import static jdk.incubator.vector.VectorOperators.ADD;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ProbeKernels} with the Vector API. Memory is read as four streams side by side, as the
 * kernels for weights do, with twelve registers of sums against the latency of a multiplication and
 * addition.
 */
public final class VectorProbeKernels implements ProbeKernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();
  private static final int BYTES = F.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  @Override
  public float read(MemorySegment memory, long from, long to) {
    long quarter = (to - from) / 4;
    long from1 = from + quarter;
    long from2 = from1 + quarter;
    long from3 = from2 + quarter;
    FloatVector sum0 = FloatVector.zero(F);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    for (long at = 0; at < quarter; at += BYTES) {
      sum0 = FloatVector.fromMemorySegment(F, memory, from + at, ORDER).add(sum0);
      sum1 = FloatVector.fromMemorySegment(F, memory, from1 + at, ORDER).add(sum1);
      sum2 = FloatVector.fromMemorySegment(F, memory, from2 + at, ORDER).add(sum2);
      sum3 = FloatVector.fromMemorySegment(F, memory, from3 + at, ORDER).add(sum3);
    }
    return sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(ADD);
  }

  @Override
  public void update(MemorySegment memory, long from, long to, float factor) {
    FloatVector factors = FloatVector.broadcast(F, factor);
    long quarter = (to - from) / 4;
    long from1 = from + quarter;
    long from2 = from1 + quarter;
    long from3 = from2 + quarter;
    for (long at = 0; at < quarter; at += BYTES) {
      FloatVector x0 = FloatVector.fromMemorySegment(F, memory, from + at, ORDER);
      FloatVector x1 = FloatVector.fromMemorySegment(F, memory, from1 + at, ORDER);
      FloatVector x2 = FloatVector.fromMemorySegment(F, memory, from2 + at, ORDER);
      FloatVector x3 = FloatVector.fromMemorySegment(F, memory, from3 + at, ORDER);
      x0.fma(factors, factors).intoMemorySegment(memory, from + at, ORDER);
      x1.fma(factors, factors).intoMemorySegment(memory, from1 + at, ORDER);
      x2.fma(factors, factors).intoMemorySegment(memory, from2 + at, ORDER);
      x3.fma(factors, factors).intoMemorySegment(memory, from3 + at, ORDER);
    }
  }

  @Override
  public float multiplyAdd(float x, int rounds) {
    FloatVector factor = FloatVector.broadcast(F, x);
    FloatVector sum0 = FloatVector.zero(F);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    FloatVector sum4 = sum0;
    FloatVector sum5 = sum0;
    FloatVector sum6 = sum0;
    FloatVector sum7 = sum0;
    FloatVector sum8 = sum0;
    FloatVector sum9 = sum0;
    FloatVector sum10 = sum0;
    FloatVector sum11 = sum0;
    for (int round = 0; round < rounds; round++) {
      sum0 = sum0.fma(factor, factor);
      sum1 = sum1.fma(factor, factor);
      sum2 = sum2.fma(factor, factor);
      sum3 = sum3.fma(factor, factor);
      sum4 = sum4.fma(factor, factor);
      sum5 = sum5.fma(factor, factor);
      sum6 = sum6.fma(factor, factor);
      sum7 = sum7.fma(factor, factor);
      sum8 = sum8.fma(factor, factor);
      sum9 = sum9.fma(factor, factor);
      sum10 = sum10.fma(factor, factor);
      sum11 = sum11.fma(factor, factor);
    }
    sum0 = sum0.add(sum1);
    sum0 = sum0.add(sum2);
    sum0 = sum0.add(sum3);
    sum0 = sum0.add(sum4);
    sum0 = sum0.add(sum5);
    sum0 = sum0.add(sum6);
    sum0 = sum0.add(sum7);
    sum0 = sum0.add(sum8);
    sum0 = sum0.add(sum9);
    sum0 = sum0.add(sum10);
    sum0 = sum0.add(sum11);
    return sum0.reduceLanes(ADD);
  }

  @Override
  public int lanes() {
    return LANES;
  }
}
