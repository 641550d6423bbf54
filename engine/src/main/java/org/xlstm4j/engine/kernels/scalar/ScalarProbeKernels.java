package org.xlstm4j.engine.kernels.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.xlstm4j.engine.kernels.ProbeKernels;

/** {@link ProbeKernels} without the Vector API. */
final class ScalarProbeKernels implements ProbeKernels {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Independent sums, against the latency of an addition. */
  private static final int SUMS = 12;

  @Override
  public List<MemoryLoop> reads() {
    return List.of(ScalarProbeKernels::read);
  }

  @Override
  public List<MemoryLoop> updates() {
    return List.of(ScalarProbeKernels::update);
  }

  @Override
  public List<ArithmeticLoop> multiplyAdds() {
    return List.of(new ArithmeticLoop(ScalarProbeKernels::multiplyAdd, SUMS));
  }

  @Override
  public List<ArithmeticLoop> integerMultiplyAdds() {
    return List.of(new ArithmeticLoop(ScalarProbeKernels::integerMultiplyAdd, SUMS));
  }

  private static float read(MemorySegment memory, long from, long to) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    for (long at = from; at < to; at += 4 * Float.BYTES) {
      sum0 += memory.get(FLOAT, at);
      sum1 += memory.get(FLOAT, at + 4);
      sum2 += memory.get(FLOAT, at + 8);
      sum3 += memory.get(FLOAT, at + 12);
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  private static float update(MemorySegment memory, long from, long to) {
    for (long at = from; at < to; at += Float.BYTES) {
      memory.set(FLOAT, at, 0.5f * memory.get(FLOAT, at) + 0.5f);
    }
    return 0;
  }

  private static float multiplyAdd(float x, int rounds) {
    float[] sums = new float[SUMS];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < SUMS; i++) {
        sums[i] = x * sums[i] + x;
      }
    }
    float total = 0;
    for (float sum : sums) {
      total += sum;
    }
    return total;
  }

  private static float integerMultiplyAdd(float x, int rounds) {
    int[] sums = new int[SUMS];
    int factor = (int) x;
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < SUMS; i++) {
        sums[i] = factor * sums[i] + factor;
      }
    }
    int total = 0;
    for (int sum : sums) {
      total += sum;
    }
    return total;
  }
}
