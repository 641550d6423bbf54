package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** {@link ProbeKernels} without the Vector API. */
public final class ScalarProbeKernels implements ProbeKernels {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  @Override
  public float read(MemorySegment memory, long from, long to) {
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

  @Override
  public void update(MemorySegment memory, long from, long to, float factor) {
    for (long at = from; at < to; at += Float.BYTES) {
      memory.set(FLOAT, at, factor * memory.get(FLOAT, at) + factor);
    }
  }

  @Override
  public float multiplyAdd(float x, int rounds) {
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

  @Override
  public int lanes() {
    return 1;
  }
}
