package org.xlstm4j.engine.kernels;

import java.util.Arrays;

/**
 * The order in which long sums are added up, said once for SIMD kernels and for the scalar ones
 * that stand in for them: the lanes of a vector are sums of their own, and in the end the upper
 * half of the lanes is added to the lower until one is left. Vectors leave that order open
 * themselves.
 */
public final class LaneSums {
  /** Lanes of 32 bits of the machine's vectors; without the Vector API any number will do. */
  public static final int LANES = VectorModule.isPresent() ? VectorModule.bits() / 32 : 4;

  private LaneSums() {}

  /** The part of a length that whole vectors cover. */
  public static int whole(int length) {
    return length & -LANES;
  }

  /**
   * Sums of products, a lane each: that of the products {@code lane, lane + count ...}.
   *
   * @param length a multiple of the number of lanes
   * @param count how many lanes, a power of two
   * @param lanes receives the sums
   * @param to where the first lane's goes
   */
  public static void products(
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int length,
      int count,
      float[] lanes,
      int to) {
    if (FusedMultiplyAdd.IS_FAST) {
      int lane = 0;
      for (; lane <= count - 4; lane += 4) {
        fourLanes(a, aOffset + lane, b, bOffset + lane, length, count, lanes, to + lane);
      }
      for (; lane < count; lane++) {
        oneLane(a, aOffset + lane, b, bOffset + lane, length, count, lanes, to + lane);
      }
    } else {
      Arrays.fill(lanes, to, to + count, 0);
      for (int i = 0; i < length; i++) {
        lanes[to + (i & (count - 1))] += a[aOffset + i] * b[bOffset + i];
      }
    }
  }

  private static void oneLane(
      float[] a, int aOffset, float[] b, int bOffset, int length, int step, float[] lanes, int to) {
    float sum = 0;
    for (int i = 0; i < length; i += step) {
      sum = Math.fma(a[aOffset + i], b[bOffset + i], sum);
    }
    lanes[to] = sum;
  }

  /** Four lanes at once, so that an addition need not wait for the one before it. */
  private static void fourLanes(
      float[] a, int aOffset, float[] b, int bOffset, int length, int step, float[] lanes, int to) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    for (int i = 0; i < length; i += step) {
      sum0 = Math.fma(a[aOffset + i], b[bOffset + i], sum0);
      sum1 = Math.fma(a[aOffset + i + 1], b[bOffset + i + 1], sum1);
      sum2 = Math.fma(a[aOffset + i + 2], b[bOffset + i + 2], sum2);
      sum3 = Math.fma(a[aOffset + i + 3], b[bOffset + i + 3], sum3);
    }
    lanes[to] = sum0;
    lanes[to + 1] = sum1;
    lanes[to + 2] = sum2;
    lanes[to + 3] = sum3;
  }

  /**
   * The total of lanes, which are overwritten.
   *
   * @param count a power of two
   */
  public static float total(float[] lanes, int from, int count) {
    for (int half = count >> 1; half > 0; half >>= 1) {
      for (int lane = from; lane < from + half; lane++) {
        lanes[lane] += lanes[lane + half];
      }
    }
    return lanes[from];
  }
}
