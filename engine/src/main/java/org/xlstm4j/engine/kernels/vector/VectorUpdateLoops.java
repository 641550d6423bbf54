package org.xlstm4j.engine.kernels.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Ways to read memory and write it back. The result is always 0. */
final class VectorUpdateLoops {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> H = VectorProbeKernels.HALF;
  private static final long BYTES = F.vectorByteSize();
  private static final long HALF_BYTES = H.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  private VectorUpdateLoops() {}

  /** One stream, four vectors a turn. */
  static float oneStream(MemorySegment memory, long from, long to) {
    FloatVector half = FloatVector.broadcast(H, 0.5f);
    for (long at = from; at < to; at += 4 * HALF_BYTES) {
      FloatVector x0 = FloatVector.fromMemorySegment(H, memory, at, ORDER);
      FloatVector x1 = FloatVector.fromMemorySegment(H, memory, at + HALF_BYTES, ORDER);
      FloatVector x2 = FloatVector.fromMemorySegment(H, memory, at + 2 * HALF_BYTES, ORDER);
      FloatVector x3 = FloatVector.fromMemorySegment(H, memory, at + 3 * HALF_BYTES, ORDER);
      half.fma(x0, half).intoMemorySegment(memory, at, ORDER);
      half.fma(x1, half).intoMemorySegment(memory, at + HALF_BYTES, ORDER);
      half.fma(x2, half).intoMemorySegment(memory, at + 2 * HALF_BYTES, ORDER);
      half.fma(x3, half).intoMemorySegment(memory, at + 3 * HALF_BYTES, ORDER);
    }
    return 0;
  }

  /** The halves of the range side by side. */
  static float twoStreams(MemorySegment memory, long from, long to) {
    FloatVector half = FloatVector.broadcast(H, 0.5f);
    long part = (to - from) / 2;
    long from1 = from + part;
    for (long at = 0; at < part; at += HALF_BYTES) {
      FloatVector x0 = FloatVector.fromMemorySegment(H, memory, from + at, ORDER);
      FloatVector x1 = FloatVector.fromMemorySegment(H, memory, from1 + at, ORDER);
      half.fma(x0, half).intoMemorySegment(memory, from + at, ORDER);
      half.fma(x1, half).intoMemorySegment(memory, from1 + at, ORDER);
    }
    return 0;
  }

  /** The quarters of the range side by side. */
  static float fourStreams(MemorySegment memory, long from, long to) {
    FloatVector half = FloatVector.broadcast(H, 0.5f);
    long part = (to - from) / 4;
    long from1 = from + part;
    long from2 = from + 2 * part;
    long from3 = from + 3 * part;
    for (long at = 0; at < part; at += HALF_BYTES) {
      FloatVector x0 = FloatVector.fromMemorySegment(H, memory, from + at, ORDER);
      FloatVector x1 = FloatVector.fromMemorySegment(H, memory, from1 + at, ORDER);
      FloatVector x2 = FloatVector.fromMemorySegment(H, memory, from2 + at, ORDER);
      FloatVector x3 = FloatVector.fromMemorySegment(H, memory, from3 + at, ORDER);
      half.fma(x0, half).intoMemorySegment(memory, from + at, ORDER);
      half.fma(x1, half).intoMemorySegment(memory, from1 + at, ORDER);
      half.fma(x2, half).intoMemorySegment(memory, from2 + at, ORDER);
      half.fma(x3, half).intoMemorySegment(memory, from3 + at, ORDER);
    }
    return 0;
  }

  /** The quarters of the range side by side, with the widest vectors. */
  static float widest(MemorySegment memory, long from, long to) {
    FloatVector half = FloatVector.broadcast(F, 0.5f);
    long part = (to - from) / 4;
    long from1 = from + part;
    long from2 = from + 2 * part;
    long from3 = from + 3 * part;
    for (long at = 0; at < part; at += BYTES) {
      FloatVector x0 = FloatVector.fromMemorySegment(F, memory, from + at, ORDER);
      FloatVector x1 = FloatVector.fromMemorySegment(F, memory, from1 + at, ORDER);
      FloatVector x2 = FloatVector.fromMemorySegment(F, memory, from2 + at, ORDER);
      FloatVector x3 = FloatVector.fromMemorySegment(F, memory, from3 + at, ORDER);
      half.fma(x0, half).intoMemorySegment(memory, from + at, ORDER);
      half.fma(x1, half).intoMemorySegment(memory, from1 + at, ORDER);
      half.fma(x2, half).intoMemorySegment(memory, from2 + at, ORDER);
      half.fma(x3, half).intoMemorySegment(memory, from3 + at, ORDER);
    }
    return 0;
  }
}
