package org.xlstm4j.engine.kernels.vector;

import static jdk.incubator.vector.VectorOperators.ADD;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Ways to multiply and add in registers: twelve independent sums, which is enough for two units
 * that each take five or six cycles for a result. What a loop carries along is an argument, never a
 * receiver: the class of such a receiver is a guess from a profile, and where there is none, its
 * vectors travel in boxes.
 */
final class VectorMultiplyAddLoops {
  /** Independent sums of each loop. */
  static final int SUMS = 12;

  static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Float> H = VectorProbeKernels.HALF;
  static final VectorSpecies<Short> S = F.withLanes(short.class);
  static final VectorSpecies<Short> SH = H.withLanes(short.class);

  private VectorMultiplyAddLoops() {}

  /** 32-bit floats in the widest vectors. */
  static float widest(float x, int rounds) {
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
      sum0 = factor.fma(sum0, factor);
      sum1 = factor.fma(sum1, factor);
      sum2 = factor.fma(sum2, factor);
      sum3 = factor.fma(sum3, factor);
      sum4 = factor.fma(sum4, factor);
      sum5 = factor.fma(sum5, factor);
      sum6 = factor.fma(sum6, factor);
      sum7 = factor.fma(sum7, factor);
      sum8 = factor.fma(sum8, factor);
      sum9 = factor.fma(sum9, factor);
      sum10 = factor.fma(sum10, factor);
      sum11 = factor.fma(sum11, factor);
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

  /** 32-bit floats in vectors of at most 256 bits. */
  static float half(float x, int rounds) {
    FloatVector factor = FloatVector.broadcast(H, x);
    FloatVector sum0 = FloatVector.zero(H);
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
      sum0 = factor.fma(sum0, factor);
      sum1 = factor.fma(sum1, factor);
      sum2 = factor.fma(sum2, factor);
      sum3 = factor.fma(sum3, factor);
      sum4 = factor.fma(sum4, factor);
      sum5 = factor.fma(sum5, factor);
      sum6 = factor.fma(sum6, factor);
      sum7 = factor.fma(sum7, factor);
      sum8 = factor.fma(sum8, factor);
      sum9 = factor.fma(sum9, factor);
      sum10 = factor.fma(sum10, factor);
      sum11 = factor.fma(sum11, factor);
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

  /** 16-bit integers in the widest vectors. */
  static float widestIntegers(float x, int rounds) {
    ShortVector factor = ShortVector.broadcast(S, (short) x);
    ShortVector sum0 = ShortVector.zero(S);
    ShortVector sum1 = sum0;
    ShortVector sum2 = sum0;
    ShortVector sum3 = sum0;
    ShortVector sum4 = sum0;
    ShortVector sum5 = sum0;
    ShortVector sum6 = sum0;
    ShortVector sum7 = sum0;
    ShortVector sum8 = sum0;
    ShortVector sum9 = sum0;
    ShortVector sum10 = sum0;
    ShortVector sum11 = sum0;
    for (int round = 0; round < rounds; round++) {
      sum0 = factor.add(factor.mul(sum0));
      sum1 = factor.add(factor.mul(sum1));
      sum2 = factor.add(factor.mul(sum2));
      sum3 = factor.add(factor.mul(sum3));
      sum4 = factor.add(factor.mul(sum4));
      sum5 = factor.add(factor.mul(sum5));
      sum6 = factor.add(factor.mul(sum6));
      sum7 = factor.add(factor.mul(sum7));
      sum8 = factor.add(factor.mul(sum8));
      sum9 = factor.add(factor.mul(sum9));
      sum10 = factor.add(factor.mul(sum10));
      sum11 = factor.add(factor.mul(sum11));
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

  /** 16-bit integers in vectors of at most 256 bits. */
  static float halfIntegers(float x, int rounds) {
    ShortVector factor = ShortVector.broadcast(SH, (short) x);
    ShortVector sum0 = ShortVector.zero(SH);
    ShortVector sum1 = sum0;
    ShortVector sum2 = sum0;
    ShortVector sum3 = sum0;
    ShortVector sum4 = sum0;
    ShortVector sum5 = sum0;
    ShortVector sum6 = sum0;
    ShortVector sum7 = sum0;
    ShortVector sum8 = sum0;
    ShortVector sum9 = sum0;
    ShortVector sum10 = sum0;
    ShortVector sum11 = sum0;
    for (int round = 0; round < rounds; round++) {
      sum0 = factor.add(factor.mul(sum0));
      sum1 = factor.add(factor.mul(sum1));
      sum2 = factor.add(factor.mul(sum2));
      sum3 = factor.add(factor.mul(sum3));
      sum4 = factor.add(factor.mul(sum4));
      sum5 = factor.add(factor.mul(sum5));
      sum6 = factor.add(factor.mul(sum6));
      sum7 = factor.add(factor.mul(sum7));
      sum8 = factor.add(factor.mul(sum8));
      sum9 = factor.add(factor.mul(sum9));
      sum10 = factor.add(factor.mul(sum10));
      sum11 = factor.add(factor.mul(sum11));
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
}
