package org.xlstm4j.engine.kernels.vector;

import static jdk.incubator.vector.VectorOperators.ADD;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Ways to read memory. How many streams a processor's prefetchers follow, and whether they see
 * through the pages of virtual memory, decides which is fastest; most loads in flight are had with
 * vectors of 256 bits on some processors that have wider ones.
 */
final class VectorReadLoops {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> H = VectorProbeKernels.HALF;
  private static final long BYTES = F.vectorByteSize();
  private static final long HALF_BYTES = H.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /** Bytes of a row in {@link #rows}: a small page. */
  private static final long ROW = 4096;

  private VectorReadLoops() {}

  /** One stream, four vectors a turn. */
  static float oneStream(MemorySegment memory, long from, long to) {
    FloatVector sum0 = FloatVector.zero(H);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    for (long at = from; at < to; at += 4 * HALF_BYTES) {
      sum0 = FloatVector.fromMemorySegment(H, memory, at, ORDER).add(sum0);
      sum1 = FloatVector.fromMemorySegment(H, memory, at + HALF_BYTES, ORDER).add(sum1);
      sum2 = FloatVector.fromMemorySegment(H, memory, at + 2 * HALF_BYTES, ORDER).add(sum2);
      sum3 = FloatVector.fromMemorySegment(H, memory, at + 3 * HALF_BYTES, ORDER).add(sum3);
    }
    return sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(ADD);
  }

  /** The halves of the range side by side. */
  static float twoStreams(MemorySegment memory, long from, long to) {
    FloatVector sum0 = FloatVector.zero(H);
    FloatVector sum1 = sum0;
    long part = (to - from) / 2;
    long from1 = from + part;
    for (long at = 0; at < part; at += HALF_BYTES) {
      sum0 = FloatVector.fromMemorySegment(H, memory, from + at, ORDER).add(sum0);
      sum1 = FloatVector.fromMemorySegment(H, memory, from1 + at, ORDER).add(sum1);
    }
    return sum0.add(sum1).reduceLanes(ADD);
  }

  /** The quarters of the range side by side. */
  static float fourStreams(MemorySegment memory, long from, long to) {
    FloatVector sum0 = FloatVector.zero(H);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    long part = (to - from) / 4;
    long from1 = from + part;
    long from2 = from + 2 * part;
    long from3 = from + 3 * part;
    for (long at = 0; at < part; at += HALF_BYTES) {
      sum0 = FloatVector.fromMemorySegment(H, memory, from + at, ORDER).add(sum0);
      sum1 = FloatVector.fromMemorySegment(H, memory, from1 + at, ORDER).add(sum1);
      sum2 = FloatVector.fromMemorySegment(H, memory, from2 + at, ORDER).add(sum2);
      sum3 = FloatVector.fromMemorySegment(H, memory, from3 + at, ORDER).add(sum3);
    }
    return sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(ADD);
  }

  /** The eighths of the range side by side. */
  static float eightStreams(MemorySegment memory, long from, long to) {
    FloatVector sum0 = FloatVector.zero(H);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    FloatVector sum4 = sum0;
    FloatVector sum5 = sum0;
    FloatVector sum6 = sum0;
    FloatVector sum7 = sum0;
    long part = (to - from) / 8;
    long from1 = from + part;
    long from2 = from + 2 * part;
    long from3 = from + 3 * part;
    long from4 = from + 4 * part;
    long from5 = from + 5 * part;
    long from6 = from + 6 * part;
    long from7 = from + 7 * part;
    for (long at = 0; at < part; at += HALF_BYTES) {
      sum0 = FloatVector.fromMemorySegment(H, memory, from + at, ORDER).add(sum0);
      sum1 = FloatVector.fromMemorySegment(H, memory, from1 + at, ORDER).add(sum1);
      sum2 = FloatVector.fromMemorySegment(H, memory, from2 + at, ORDER).add(sum2);
      sum3 = FloatVector.fromMemorySegment(H, memory, from3 + at, ORDER).add(sum3);
      sum4 = FloatVector.fromMemorySegment(H, memory, from4 + at, ORDER).add(sum4);
      sum5 = FloatVector.fromMemorySegment(H, memory, from5 + at, ORDER).add(sum5);
      sum6 = FloatVector.fromMemorySegment(H, memory, from6 + at, ORDER).add(sum6);
      sum7 = FloatVector.fromMemorySegment(H, memory, from7 + at, ORDER).add(sum7);
    }
    sum0 = sum0.add(sum1).add(sum2.add(sum3));
    sum4 = sum4.add(sum5).add(sum6.add(sum7));
    return sum0.add(sum4).reduceLanes(ADD);
  }

  /** Four rows of a page side by side, then the next four. */
  static float rows(MemorySegment memory, long from, long to) {
    FloatVector sum0 = FloatVector.zero(H);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    for (long row = from; row < to; row += 4 * ROW) {
      long row1 = row + 1 * ROW;
      long row2 = row + 2 * ROW;
      long row3 = row + 3 * ROW;
      for (long at = 0; at < ROW; at += HALF_BYTES) {
        sum0 = FloatVector.fromMemorySegment(H, memory, row + at, ORDER).add(sum0);
        sum1 = FloatVector.fromMemorySegment(H, memory, row1 + at, ORDER).add(sum1);
        sum2 = FloatVector.fromMemorySegment(H, memory, row2 + at, ORDER).add(sum2);
        sum3 = FloatVector.fromMemorySegment(H, memory, row3 + at, ORDER).add(sum3);
      }
    }
    return sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(ADD);
  }

  /** The quarters of the range side by side, with the widest vectors. */
  static float widest(MemorySegment memory, long from, long to) {
    FloatVector sum0 = FloatVector.zero(F);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    long part = (to - from) / 4;
    long from1 = from + part;
    long from2 = from + 2 * part;
    long from3 = from + 3 * part;
    for (long at = 0; at < part; at += BYTES) {
      sum0 = FloatVector.fromMemorySegment(F, memory, from + at, ORDER).add(sum0);
      sum1 = FloatVector.fromMemorySegment(F, memory, from1 + at, ORDER).add(sum1);
      sum2 = FloatVector.fromMemorySegment(F, memory, from2 + at, ORDER).add(sum2);
      sum3 = FloatVector.fromMemorySegment(F, memory, from3 + at, ORDER).add(sum3);
    }
    return sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(ADD);
  }
}
