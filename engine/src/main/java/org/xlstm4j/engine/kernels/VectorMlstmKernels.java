package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link MlstmKernels} with the Vector API. Four rows at a time, so that the sums are loaded and
 * stored once for all of them, and enough lines of memory are under way; that for several tokens
 * not all keys and queries fit into registers costs less. The rows are a quarter of the matrix
 * apart, so that memory is walked in long streams; they are added in the same order for one token
 * and for several, so that every grouping of tokens rounds alike.
 */
public final class VectorMlstmKernels implements MlstmKernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  @Override
  public void matrixMemoryStep(
      MemorySegment memory,
      long byteOffset,
      int keyWidth,
      int valueWidth,
      int first,
      int last,
      int tokens,
      float[] decay,
      float[] scale,
      int gateOffset,
      float[] key,
      float[] query,
      int keyOffset,
      int keyStride,
      float[] value,
      int valueOffset,
      int valueStride,
      float[] h,
      int hOffset,
      int hStride) {
    for (int t = 0; t < tokens; t++) {
      Arrays.fill(h, hOffset + t * hStride + first, hOffset + t * hStride + last, 0);
    }
    long rowBytes = (long) Float.BYTES * valueWidth;
    int apart = keyWidth / 4;
    int done = 0;
    while (done < tokens) {
      int group = tokens == 3 ? 3 : Math.min(2, tokens - done);
      int gate = gateOffset + done;
      int keys = keyOffset + done * keyStride;
      int from = valueOffset + done * valueStride;
      int to = hOffset + done * hStride;
      for (int a = 0; a < apart; a++) {
        long row = byteOffset + a * rowBytes;
        int b =
            switch (group) {
              case 1 ->
                  fourRows(
                      memory,
                      row,
                      apart * rowBytes,
                      first,
                      last,
                      decay[gate],
                      key,
                      query,
                      keys + a,
                      apart,
                      value,
                      from,
                      h,
                      to);
              case 2 ->
                  fourRowsTwoTokens(
                      memory,
                      row,
                      apart * rowBytes,
                      first,
                      last,
                      decay,
                      gate,
                      key,
                      query,
                      keys + a,
                      apart,
                      keyStride,
                      value,
                      from,
                      valueStride,
                      h,
                      to,
                      hStride);
              default ->
                  fourRowsThreeTokens(
                      memory,
                      row,
                      apart * rowBytes,
                      first,
                      last,
                      decay,
                      gate,
                      key,
                      query,
                      keys + a,
                      apart,
                      keyStride,
                      value,
                      from,
                      valueStride,
                      h,
                      to,
                      hStride);
            };
        for (int i = 0; b < last && i < 4; i++) {
          for (int t = 0; t < group; t++) {
            int at = keys + t * keyStride + a + i * apart;
            tail(
                memory,
                row + i * (apart * rowBytes),
                b,
                last,
                decay[gate + t],
                key[at],
                query[at],
                value,
                from + t * valueStride,
                h,
                to + t * hStride);
          }
        }
      }
      for (int a = 4 * apart; a < keyWidth; a++) {
        for (int t = 0; t < group; t++) {
          int at = keys + t * keyStride + a;
          row(
              memory,
              byteOffset + a * rowBytes,
              first,
              last,
              decay[gate + t],
              key[at],
              query[at],
              value,
              from + t * valueStride,
              h,
              to + t * hStride);
        }
      }
      done += group;
    }
    for (int t = 0; t < tokens; t++) {
      for (int b = first; b < last; b++) {
        h[hOffset + t * hStride + b] *= scale[gateOffset + t];
      }
    }
  }

  /**
   * Whole vectors of four rows, {@code apart} rows from each other, one token; returns where they
   * end.
   */
  private static int fourRows(
      MemorySegment memory,
      long row0,
      long apartBytes,
      int first,
      int last,
      float decay,
      float[] key,
      float[] query,
      int keyOffset,
      int apart,
      float[] value,
      int valueOffset,
      float[] h,
      int hOffset) {
    long row1 = row0 + apartBytes;
    long row2 = row1 + apartBytes;
    long row3 = row2 + apartBytes;
    FloatVector forget = FloatVector.broadcast(F, decay);
    FloatVector key0 = FloatVector.broadcast(F, key[keyOffset]);
    FloatVector key1 = FloatVector.broadcast(F, key[keyOffset + apart]);
    FloatVector key2 = FloatVector.broadcast(F, key[keyOffset + 2 * apart]);
    FloatVector key3 = FloatVector.broadcast(F, key[keyOffset + 3 * apart]);
    FloatVector query0 = FloatVector.broadcast(F, query[keyOffset]);
    FloatVector query1 = FloatVector.broadcast(F, query[keyOffset + apart]);
    FloatVector query2 = FloatVector.broadcast(F, query[keyOffset + 2 * apart]);
    FloatVector query3 = FloatVector.broadcast(F, query[keyOffset + 3 * apart]);
    int b = first;
    for (; b <= last - LANES; b += LANES) {
      FloatVector v = FloatVector.fromArray(F, value, valueOffset + b);
      FloatVector sum = FloatVector.fromArray(F, h, hOffset + b);
      long at = (long) Float.BYTES * b;
      FloatVector c0 = FloatVector.fromMemorySegment(F, memory, row0 + at, ORDER);
      FloatVector c1 = FloatVector.fromMemorySegment(F, memory, row1 + at, ORDER);
      FloatVector c2 = FloatVector.fromMemorySegment(F, memory, row2 + at, ORDER);
      FloatVector c3 = FloatVector.fromMemorySegment(F, memory, row3 + at, ORDER);
      c0 = c0.fma(forget, key0.mul(v));
      c1 = c1.fma(forget, key1.mul(v));
      c2 = c2.fma(forget, key2.mul(v));
      c3 = c3.fma(forget, key3.mul(v));
      c0.intoMemorySegment(memory, row0 + at, ORDER);
      c1.intoMemorySegment(memory, row1 + at, ORDER);
      c2.intoMemorySegment(memory, row2 + at, ORDER);
      c3.intoMemorySegment(memory, row3 + at, ORDER);
      sum = c1.fma(query1, c0.fma(query0, sum));
      sum = c3.fma(query3, c2.fma(query2, sum));
      sum.intoArray(h, hOffset + b);
    }
    return b;
  }

  /**
   * Whole vectors of four rows, {@code apart} rows from each other, two tokens; returns where they
   * end.
   */
  private static int fourRowsTwoTokens(
      MemorySegment memory,
      long row0,
      long apartBytes,
      int first,
      int last,
      float[] decay,
      int gateOffset,
      float[] key,
      float[] query,
      int keyOffset,
      int apart,
      int keyStride,
      float[] value,
      int valueOffset,
      int valueStride,
      float[] h,
      int hOffset,
      int hStride) {
    long row1 = row0 + apartBytes;
    long row2 = row1 + apartBytes;
    long row3 = row2 + apartBytes;
    int keys1 = keyOffset + keyStride;
    int values1 = valueOffset + valueStride;
    int h1 = hOffset + hStride;
    FloatVector forget0 = FloatVector.broadcast(F, decay[gateOffset]);
    FloatVector forget1 = FloatVector.broadcast(F, decay[gateOffset + 1]);
    FloatVector key00 = FloatVector.broadcast(F, key[keyOffset]);
    FloatVector key10 = FloatVector.broadcast(F, key[keyOffset + apart]);
    FloatVector key20 = FloatVector.broadcast(F, key[keyOffset + 2 * apart]);
    FloatVector key30 = FloatVector.broadcast(F, key[keyOffset + 3 * apart]);
    FloatVector key01 = FloatVector.broadcast(F, key[keys1]);
    FloatVector key11 = FloatVector.broadcast(F, key[keys1 + apart]);
    FloatVector key21 = FloatVector.broadcast(F, key[keys1 + 2 * apart]);
    FloatVector key31 = FloatVector.broadcast(F, key[keys1 + 3 * apart]);
    FloatVector query00 = FloatVector.broadcast(F, query[keyOffset]);
    FloatVector query10 = FloatVector.broadcast(F, query[keyOffset + apart]);
    FloatVector query20 = FloatVector.broadcast(F, query[keyOffset + 2 * apart]);
    FloatVector query30 = FloatVector.broadcast(F, query[keyOffset + 3 * apart]);
    FloatVector query01 = FloatVector.broadcast(F, query[keys1]);
    FloatVector query11 = FloatVector.broadcast(F, query[keys1 + apart]);
    FloatVector query21 = FloatVector.broadcast(F, query[keys1 + 2 * apart]);
    FloatVector query31 = FloatVector.broadcast(F, query[keys1 + 3 * apart]);
    int b = first;
    for (; b <= last - LANES; b += LANES) {
      long at = (long) Float.BYTES * b;
      FloatVector c0 = FloatVector.fromMemorySegment(F, memory, row0 + at, ORDER);
      FloatVector c1 = FloatVector.fromMemorySegment(F, memory, row1 + at, ORDER);
      FloatVector c2 = FloatVector.fromMemorySegment(F, memory, row2 + at, ORDER);
      FloatVector c3 = FloatVector.fromMemorySegment(F, memory, row3 + at, ORDER);
      FloatVector v0 = FloatVector.fromArray(F, value, valueOffset + b);
      FloatVector sum0 = FloatVector.fromArray(F, h, hOffset + b);
      c0 = c0.fma(forget0, key00.mul(v0));
      c1 = c1.fma(forget0, key10.mul(v0));
      c2 = c2.fma(forget0, key20.mul(v0));
      c3 = c3.fma(forget0, key30.mul(v0));
      sum0 = c1.fma(query10, c0.fma(query00, sum0));
      sum0 = c3.fma(query30, c2.fma(query20, sum0));
      sum0.intoArray(h, hOffset + b);
      FloatVector v1 = FloatVector.fromArray(F, value, values1 + b);
      FloatVector sum1 = FloatVector.fromArray(F, h, h1 + b);
      c0 = c0.fma(forget1, key01.mul(v1));
      c1 = c1.fma(forget1, key11.mul(v1));
      c2 = c2.fma(forget1, key21.mul(v1));
      c3 = c3.fma(forget1, key31.mul(v1));
      sum1 = c1.fma(query11, c0.fma(query01, sum1));
      sum1 = c3.fma(query31, c2.fma(query21, sum1));
      sum1.intoArray(h, h1 + b);
      c0.intoMemorySegment(memory, row0 + at, ORDER);
      c1.intoMemorySegment(memory, row1 + at, ORDER);
      c2.intoMemorySegment(memory, row2 + at, ORDER);
      c3.intoMemorySegment(memory, row3 + at, ORDER);
    }
    return b;
  }

  /**
   * Whole vectors of four rows, {@code apart} rows from each other, three tokens; returns where
   * they end.
   */
  private static int fourRowsThreeTokens(
      MemorySegment memory,
      long row0,
      long apartBytes,
      int first,
      int last,
      float[] decay,
      int gateOffset,
      float[] key,
      float[] query,
      int keyOffset,
      int apart,
      int keyStride,
      float[] value,
      int valueOffset,
      int valueStride,
      float[] h,
      int hOffset,
      int hStride) {
    long row1 = row0 + apartBytes;
    long row2 = row1 + apartBytes;
    long row3 = row2 + apartBytes;
    int keys1 = keyOffset + keyStride;
    int values1 = valueOffset + valueStride;
    int h1 = hOffset + hStride;
    int keys2 = keys1 + keyStride;
    int values2 = values1 + valueStride;
    int h2 = h1 + hStride;
    FloatVector forget0 = FloatVector.broadcast(F, decay[gateOffset]);
    FloatVector forget1 = FloatVector.broadcast(F, decay[gateOffset + 1]);
    FloatVector forget2 = FloatVector.broadcast(F, decay[gateOffset + 2]);
    FloatVector key00 = FloatVector.broadcast(F, key[keyOffset]);
    FloatVector key10 = FloatVector.broadcast(F, key[keyOffset + apart]);
    FloatVector key20 = FloatVector.broadcast(F, key[keyOffset + 2 * apart]);
    FloatVector key30 = FloatVector.broadcast(F, key[keyOffset + 3 * apart]);
    FloatVector key01 = FloatVector.broadcast(F, key[keys1]);
    FloatVector key11 = FloatVector.broadcast(F, key[keys1 + apart]);
    FloatVector key21 = FloatVector.broadcast(F, key[keys1 + 2 * apart]);
    FloatVector key31 = FloatVector.broadcast(F, key[keys1 + 3 * apart]);
    FloatVector key02 = FloatVector.broadcast(F, key[keys2]);
    FloatVector key12 = FloatVector.broadcast(F, key[keys2 + apart]);
    FloatVector key22 = FloatVector.broadcast(F, key[keys2 + 2 * apart]);
    FloatVector key32 = FloatVector.broadcast(F, key[keys2 + 3 * apart]);
    FloatVector query00 = FloatVector.broadcast(F, query[keyOffset]);
    FloatVector query10 = FloatVector.broadcast(F, query[keyOffset + apart]);
    FloatVector query20 = FloatVector.broadcast(F, query[keyOffset + 2 * apart]);
    FloatVector query30 = FloatVector.broadcast(F, query[keyOffset + 3 * apart]);
    FloatVector query01 = FloatVector.broadcast(F, query[keys1]);
    FloatVector query11 = FloatVector.broadcast(F, query[keys1 + apart]);
    FloatVector query21 = FloatVector.broadcast(F, query[keys1 + 2 * apart]);
    FloatVector query31 = FloatVector.broadcast(F, query[keys1 + 3 * apart]);
    FloatVector query02 = FloatVector.broadcast(F, query[keys2]);
    FloatVector query12 = FloatVector.broadcast(F, query[keys2 + apart]);
    FloatVector query22 = FloatVector.broadcast(F, query[keys2 + 2 * apart]);
    FloatVector query32 = FloatVector.broadcast(F, query[keys2 + 3 * apart]);
    int b = first;
    for (; b <= last - LANES; b += LANES) {
      long at = (long) Float.BYTES * b;
      FloatVector c0 = FloatVector.fromMemorySegment(F, memory, row0 + at, ORDER);
      FloatVector c1 = FloatVector.fromMemorySegment(F, memory, row1 + at, ORDER);
      FloatVector c2 = FloatVector.fromMemorySegment(F, memory, row2 + at, ORDER);
      FloatVector c3 = FloatVector.fromMemorySegment(F, memory, row3 + at, ORDER);
      FloatVector v0 = FloatVector.fromArray(F, value, valueOffset + b);
      FloatVector sum0 = FloatVector.fromArray(F, h, hOffset + b);
      c0 = c0.fma(forget0, key00.mul(v0));
      c1 = c1.fma(forget0, key10.mul(v0));
      c2 = c2.fma(forget0, key20.mul(v0));
      c3 = c3.fma(forget0, key30.mul(v0));
      sum0 = c1.fma(query10, c0.fma(query00, sum0));
      sum0 = c3.fma(query30, c2.fma(query20, sum0));
      sum0.intoArray(h, hOffset + b);
      FloatVector v1 = FloatVector.fromArray(F, value, values1 + b);
      FloatVector sum1 = FloatVector.fromArray(F, h, h1 + b);
      c0 = c0.fma(forget1, key01.mul(v1));
      c1 = c1.fma(forget1, key11.mul(v1));
      c2 = c2.fma(forget1, key21.mul(v1));
      c3 = c3.fma(forget1, key31.mul(v1));
      sum1 = c1.fma(query11, c0.fma(query01, sum1));
      sum1 = c3.fma(query31, c2.fma(query21, sum1));
      sum1.intoArray(h, h1 + b);
      FloatVector v2 = FloatVector.fromArray(F, value, values2 + b);
      FloatVector sum2 = FloatVector.fromArray(F, h, h2 + b);
      c0 = c0.fma(forget2, key02.mul(v2));
      c1 = c1.fma(forget2, key12.mul(v2));
      c2 = c2.fma(forget2, key22.mul(v2));
      c3 = c3.fma(forget2, key32.mul(v2));
      sum2 = c1.fma(query12, c0.fma(query02, sum2));
      sum2 = c3.fma(query32, c2.fma(query22, sum2));
      sum2.intoArray(h, h2 + b);
      c0.intoMemorySegment(memory, row0 + at, ORDER);
      c1.intoMemorySegment(memory, row1 + at, ORDER);
      c2.intoMemorySegment(memory, row2 + at, ORDER);
      c3.intoMemorySegment(memory, row3 + at, ORDER);
    }
    return b;
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
    FloatVector forget = FloatVector.broadcast(F, decay);
    FloatVector keys = FloatVector.broadcast(F, key);
    FloatVector queries = FloatVector.broadcast(F, query);
    int b = first;
    for (; b <= last - LANES; b += LANES) {
      FloatVector v = FloatVector.fromArray(F, value, valueOffset + b);
      long at = row + (long) Float.BYTES * b;
      FloatVector c = FloatVector.fromMemorySegment(F, memory, at, ORDER).fma(forget, keys.mul(v));
      c.intoMemorySegment(memory, at, ORDER);
      c.fma(queries, FloatVector.fromArray(F, h, hOffset + b)).intoArray(h, hOffset + b);
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
