package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link CellKernels} with the Vector API. */
public final class VectorCellKernels implements CellKernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /** Four rows at a time, so that the sums are loaded and stored once for four rows. */
  @Override
  public void matrixMemoryStep(
      MemorySegment memory,
      long byteOffset,
      int keyWidth,
      int valueWidth,
      int first,
      int last,
      float decay,
      float[] key,
      int keyOffset,
      float[] query,
      int queryOffset,
      float[] value,
      int valueOffset,
      float scale,
      float[] h,
      int hOffset) {
    Arrays.fill(h, hOffset + first, hOffset + last, 0);
    long rowBytes = (long) Float.BYTES * valueWidth;
    int a = 0;
    for (; a <= keyWidth - 4; a += 4) {
      fourRows(
          memory,
          byteOffset + a * rowBytes,
          rowBytes,
          first,
          last,
          decay,
          key,
          keyOffset + a,
          query,
          queryOffset + a,
          value,
          valueOffset,
          h,
          hOffset);
    }
    for (; a < keyWidth; a++) {
      row(
          memory,
          byteOffset + a * rowBytes,
          first,
          last,
          decay,
          key[keyOffset + a],
          query[queryOffset + a],
          value,
          valueOffset,
          h,
          hOffset);
    }
    for (int b = first; b < last; b++) {
      h[hOffset + b] *= scale;
    }
  }

  private static void fourRows(
      MemorySegment memory,
      long row0,
      long rowBytes,
      int first,
      int last,
      float decay,
      float[] key,
      int keyOffset,
      float[] query,
      int queryOffset,
      float[] value,
      int valueOffset,
      float[] h,
      int hOffset) {
    long row1 = row0 + rowBytes;
    long row2 = row1 + rowBytes;
    long row3 = row2 + rowBytes;
    FloatVector forget = FloatVector.broadcast(F, decay);
    FloatVector key0 = FloatVector.broadcast(F, key[keyOffset]);
    FloatVector key1 = FloatVector.broadcast(F, key[keyOffset + 1]);
    FloatVector key2 = FloatVector.broadcast(F, key[keyOffset + 2]);
    FloatVector key3 = FloatVector.broadcast(F, key[keyOffset + 3]);
    FloatVector query0 = FloatVector.broadcast(F, query[queryOffset]);
    FloatVector query1 = FloatVector.broadcast(F, query[queryOffset + 1]);
    FloatVector query2 = FloatVector.broadcast(F, query[queryOffset + 2]);
    FloatVector query3 = FloatVector.broadcast(F, query[queryOffset + 3]);
    int b = first;
    for (; b <= last - LANES; b += LANES) {
      FloatVector v = FloatVector.fromArray(F, value, valueOffset + b);
      FloatVector sum = FloatVector.fromArray(F, h, hOffset + b);
      long at = (long) Float.BYTES * b;
      FloatVector c0 =
          FloatVector.fromMemorySegment(F, memory, row0 + at, ORDER).fma(forget, key0.mul(v));
      FloatVector c1 =
          FloatVector.fromMemorySegment(F, memory, row1 + at, ORDER).fma(forget, key1.mul(v));
      FloatVector c2 =
          FloatVector.fromMemorySegment(F, memory, row2 + at, ORDER).fma(forget, key2.mul(v));
      FloatVector c3 =
          FloatVector.fromMemorySegment(F, memory, row3 + at, ORDER).fma(forget, key3.mul(v));
      c0.intoMemorySegment(memory, row0 + at, ORDER);
      c1.intoMemorySegment(memory, row1 + at, ORDER);
      c2.intoMemorySegment(memory, row2 + at, ORDER);
      c3.intoMemorySegment(memory, row3 + at, ORDER);
      sum = c0.fma(query0, c1.fma(query1, sum));
      sum = c2.fma(query2, c3.fma(query3, sum));
      sum.intoArray(h, hOffset + b);
    }
    if (b < last) {
      for (int i = 0; i < 4; i++) {
        tail(
            memory,
            row0 + i * rowBytes,
            b,
            last,
            decay,
            key[keyOffset + i],
            query[queryOffset + i],
            value,
            valueOffset,
            h,
            hOffset);
      }
    }
  }

  private static void row(
      MemorySegment memory,
      long row,
      int first,
      int last,
      float decay,
      float key,
      float query,
      float[] value,
      int valueOffset,
      float[] h,
      int hOffset) {
    int b = first;
    for (; b <= last - LANES; b += LANES) {
      FloatVector v = FloatVector.fromArray(F, value, valueOffset + b);
      long at = row + (long) Float.BYTES * b;
      FloatVector c =
          FloatVector.fromMemorySegment(F, memory, at, ORDER).mul(decay).add(v.mul(key));
      c.intoMemorySegment(memory, at, ORDER);
      FloatVector.fromArray(F, h, hOffset + b).add(c.mul(query)).intoArray(h, hOffset + b);
    }
    tail(memory, row, b, last, decay, key, query, value, valueOffset, h, hOffset);
  }

  private static void tail(
      MemorySegment memory,
      long row,
      int first,
      int last,
      float decay,
      float key,
      float query,
      float[] value,
      int valueOffset,
      float[] h,
      int hOffset) {
    for (int b = first; b < last; b++) {
      long at = row + (long) Float.BYTES * b;
      float c = decay * memory.get(ValueLayout.JAVA_FLOAT, at) + key * value[valueOffset + b];
      memory.set(ValueLayout.JAVA_FLOAT, at, c);
      h[hOffset + b] += query * c;
    }
  }
}
