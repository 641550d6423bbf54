package org.xlstm4j.engine.kernels.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.xlstm4j.engine.kernels.FusedMultiplyAdd;
import org.xlstm4j.engine.kernels.MlstmKernels;
import org.xlstm4j.engine.kernels.MlstmTokens;

/**
 * {@link MlstmKernels} with the Vector API. Four rows at a time, so that the sums are loaded and
 * stored once for all of them, and enough lines of memory are under way; that for several tokens
 * not all keys and queries fit into registers costs less. The rows are a quarter of the matrix
 * apart, so that memory is walked in long streams; they are added in the same order for one token
 * and for several, so that every grouping of tokens rounds alike.
 */
final class VectorMlstmKernels implements MlstmKernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  @Override
  public void matrixMemoryStep(
      MlstmTokens tokens, int head, MemorySegment memory, long byteOffset, int first, int last) {
    int count = tokens.count();
    float[] h = tokens.results();
    for (int t = 0; t < count; t++) {
      int to = tokens.resultAt(head, t);
      Arrays.fill(h, to + first, to + last, 0);
    }
    int apart = tokens.keyWidth() / 4;
    int done = 0;
    while (done < count) {
      int group = count == 3 ? 3 : Math.min(2, count - done);
      for (int a = 0; a < apart; a++) {
        int b =
            switch (group) {
              case 1 -> fourRows(tokens, head, done, memory, byteOffset, a, first, last);
              case 2 -> fourRowsTwoTokens(tokens, head, done, memory, byteOffset, a, first, last);
              default -> fourRowsThreeTokens(tokens, head, memory, byteOffset, a, first, last);
            };
        for (int i = 0; b < last && i < 4; i++) {
          for (int t = done; t < done + group; t++) {
            tail(tokens, head, t, memory, byteOffset, a + i * apart, b, last);
          }
        }
      }
      for (int a = 4 * apart; a < tokens.keyWidth(); a++) {
        for (int t = done; t < done + group; t++) {
          row(tokens, head, t, memory, byteOffset, a, first, last);
        }
      }
      done += group;
    }
    for (int t = 0; t < count; t++) {
      int to = tokens.resultAt(head, t);
      float scale = tokens.scale(head, t);
      for (int b = first; b < last; b++) {
        h[to + b] *= scale;
      }
    }
  }

  /** Bytes from a row of C to the one below it. */
  private static long rowBytes(MlstmTokens tokens) {
    return (long) Float.BYTES * tokens.valueWidth();
  }

  /**
   * Whole vectors of four rows, {@code apart} rows from each other, one token; returns where they
   * end.
   */
  private static int fourRows(
      MlstmTokens tokens,
      int head,
      int token,
      MemorySegment memory,
      long byteOffset,
      int a,
      int first,
      int last) {
    int apart = tokens.keyWidth() / 4;
    long apartBytes = apart * rowBytes(tokens);
    long row0 = byteOffset + a * rowBytes(tokens);
    float[] key = tokens.keys();
    float[] query = tokens.queries();
    float[] value = tokens.values();
    float[] h = tokens.results();
    int keys = tokens.keyAt(head, token) + a;
    int values = tokens.valueAt(head, token);
    int hAt = tokens.resultAt(head, token);
    long row1 = row0 + apartBytes;
    long row2 = row1 + apartBytes;
    long row3 = row2 + apartBytes;
    FloatVector forget = FloatVector.broadcast(F, tokens.decay(head, token));
    FloatVector key0 = FloatVector.broadcast(F, key[keys]);
    FloatVector key1 = FloatVector.broadcast(F, key[keys + apart]);
    FloatVector key2 = FloatVector.broadcast(F, key[keys + 2 * apart]);
    FloatVector key3 = FloatVector.broadcast(F, key[keys + 3 * apart]);
    FloatVector query0 = FloatVector.broadcast(F, query[keys]);
    FloatVector query1 = FloatVector.broadcast(F, query[keys + apart]);
    FloatVector query2 = FloatVector.broadcast(F, query[keys + 2 * apart]);
    FloatVector query3 = FloatVector.broadcast(F, query[keys + 3 * apart]);
    int b = first;
    for (; b <= last - LANES; b += LANES) {
      FloatVector v = FloatVector.fromArray(F, value, values + b);
      FloatVector sum = FloatVector.fromArray(F, h, hAt + b);
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
      sum.intoArray(h, hAt + b);
    }
    return b;
  }

  /**
   * Whole vectors of four rows, {@code apart} rows from each other, two tokens; returns where they
   * end.
   */
  private static int fourRowsTwoTokens(
      MlstmTokens tokens,
      int head,
      int token,
      MemorySegment memory,
      long byteOffset,
      int a,
      int first,
      int last) {
    int apart = tokens.keyWidth() / 4;
    long apartBytes = apart * rowBytes(tokens);
    long row0 = byteOffset + a * rowBytes(tokens);
    float[] key = tokens.keys();
    float[] query = tokens.queries();
    float[] value = tokens.values();
    float[] h = tokens.results();
    int keys0 = tokens.keyAt(head, token) + a;
    int values0 = tokens.valueAt(head, token);
    int h0 = tokens.resultAt(head, token);
    int keys1 = tokens.keyAt(head, token + 1) + a;
    int values1 = tokens.valueAt(head, token + 1);
    int h1 = tokens.resultAt(head, token + 1);
    long row1 = row0 + apartBytes;
    long row2 = row1 + apartBytes;
    long row3 = row2 + apartBytes;
    FloatVector forget0 = FloatVector.broadcast(F, tokens.decay(head, token));
    FloatVector forget1 = FloatVector.broadcast(F, tokens.decay(head, token + 1));
    FloatVector key00 = FloatVector.broadcast(F, key[keys0]);
    FloatVector key10 = FloatVector.broadcast(F, key[keys0 + apart]);
    FloatVector key20 = FloatVector.broadcast(F, key[keys0 + 2 * apart]);
    FloatVector key30 = FloatVector.broadcast(F, key[keys0 + 3 * apart]);
    FloatVector key01 = FloatVector.broadcast(F, key[keys1]);
    FloatVector key11 = FloatVector.broadcast(F, key[keys1 + apart]);
    FloatVector key21 = FloatVector.broadcast(F, key[keys1 + 2 * apart]);
    FloatVector key31 = FloatVector.broadcast(F, key[keys1 + 3 * apart]);
    FloatVector query00 = FloatVector.broadcast(F, query[keys0]);
    FloatVector query10 = FloatVector.broadcast(F, query[keys0 + apart]);
    FloatVector query20 = FloatVector.broadcast(F, query[keys0 + 2 * apart]);
    FloatVector query30 = FloatVector.broadcast(F, query[keys0 + 3 * apart]);
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
      FloatVector v0 = FloatVector.fromArray(F, value, values0 + b);
      FloatVector sum0 = FloatVector.fromArray(F, h, h0 + b);
      c0 = c0.fma(forget0, key00.mul(v0));
      c1 = c1.fma(forget0, key10.mul(v0));
      c2 = c2.fma(forget0, key20.mul(v0));
      c3 = c3.fma(forget0, key30.mul(v0));
      sum0 = c1.fma(query10, c0.fma(query00, sum0));
      sum0 = c3.fma(query30, c2.fma(query20, sum0));
      sum0.intoArray(h, h0 + b);
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
      MlstmTokens tokens,
      int head,
      MemorySegment memory,
      long byteOffset,
      int a,
      int first,
      int last) {
    int apart = tokens.keyWidth() / 4;
    long apartBytes = apart * rowBytes(tokens);
    long row0 = byteOffset + a * rowBytes(tokens);
    float[] key = tokens.keys();
    float[] query = tokens.queries();
    float[] value = tokens.values();
    float[] h = tokens.results();
    int keys0 = tokens.keyAt(head, 0) + a;
    int values0 = tokens.valueAt(head, 0);
    int h0 = tokens.resultAt(head, 0);
    int keys1 = tokens.keyAt(head, 1) + a;
    int values1 = tokens.valueAt(head, 1);
    int h1 = tokens.resultAt(head, 1);
    int keys2 = tokens.keyAt(head, 2) + a;
    int values2 = tokens.valueAt(head, 2);
    int h2 = tokens.resultAt(head, 2);
    long row1 = row0 + apartBytes;
    long row2 = row1 + apartBytes;
    long row3 = row2 + apartBytes;
    FloatVector forget0 = FloatVector.broadcast(F, tokens.decay(head, 0));
    FloatVector forget1 = FloatVector.broadcast(F, tokens.decay(head, 1));
    FloatVector forget2 = FloatVector.broadcast(F, tokens.decay(head, 2));
    FloatVector key00 = FloatVector.broadcast(F, key[keys0]);
    FloatVector key10 = FloatVector.broadcast(F, key[keys0 + apart]);
    FloatVector key20 = FloatVector.broadcast(F, key[keys0 + 2 * apart]);
    FloatVector key30 = FloatVector.broadcast(F, key[keys0 + 3 * apart]);
    FloatVector key01 = FloatVector.broadcast(F, key[keys1]);
    FloatVector key11 = FloatVector.broadcast(F, key[keys1 + apart]);
    FloatVector key21 = FloatVector.broadcast(F, key[keys1 + 2 * apart]);
    FloatVector key31 = FloatVector.broadcast(F, key[keys1 + 3 * apart]);
    FloatVector key02 = FloatVector.broadcast(F, key[keys2]);
    FloatVector key12 = FloatVector.broadcast(F, key[keys2 + apart]);
    FloatVector key22 = FloatVector.broadcast(F, key[keys2 + 2 * apart]);
    FloatVector key32 = FloatVector.broadcast(F, key[keys2 + 3 * apart]);
    FloatVector query00 = FloatVector.broadcast(F, query[keys0]);
    FloatVector query10 = FloatVector.broadcast(F, query[keys0 + apart]);
    FloatVector query20 = FloatVector.broadcast(F, query[keys0 + 2 * apart]);
    FloatVector query30 = FloatVector.broadcast(F, query[keys0 + 3 * apart]);
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
      FloatVector v0 = FloatVector.fromArray(F, value, values0 + b);
      FloatVector sum0 = FloatVector.fromArray(F, h, h0 + b);
      c0 = c0.fma(forget0, key00.mul(v0));
      c1 = c1.fma(forget0, key10.mul(v0));
      c2 = c2.fma(forget0, key20.mul(v0));
      c3 = c3.fma(forget0, key30.mul(v0));
      sum0 = c1.fma(query10, c0.fma(query00, sum0));
      sum0 = c3.fma(query30, c2.fma(query20, sum0));
      sum0.intoArray(h, h0 + b);
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
      MlstmTokens tokens,
      int head,
      int token,
      MemorySegment memory,
      long byteOffset,
      int a,
      int first,
      int last) {
    long row = byteOffset + a * rowBytes(tokens);
    int keyAt = tokens.keyAt(head, token) + a;
    int valueAt = tokens.valueAt(head, token);
    int hAt = tokens.resultAt(head, token);
    float[] value = tokens.values();
    float[] h = tokens.results();
    FloatVector forget = FloatVector.broadcast(F, tokens.decay(head, token));
    FloatVector key = FloatVector.broadcast(F, tokens.keys()[keyAt]);
    FloatVector query = FloatVector.broadcast(F, tokens.queries()[keyAt]);
    int b = first;
    for (; b <= last - LANES; b += LANES) {
      FloatVector v = FloatVector.fromArray(F, value, valueAt + b);
      long at = row + (long) Float.BYTES * b;
      FloatVector c = FloatVector.fromMemorySegment(F, memory, at, ORDER).fma(forget, key.mul(v));
      c.intoMemorySegment(memory, at, ORDER);
      c.fma(query, FloatVector.fromArray(F, h, hAt + b)).intoArray(h, hAt + b);
    }
    tail(tokens, head, token, memory, byteOffset, a, b, last);
  }

  private static void tail(
      MlstmTokens tokens,
      int head,
      int token,
      MemorySegment memory,
      long byteOffset,
      int a,
      int first,
      int last) {
    long row = byteOffset + a * rowBytes(tokens);
    int keyAt = tokens.keyAt(head, token) + a;
    int valueAt = tokens.valueAt(head, token);
    int hAt = tokens.resultAt(head, token);
    float[] h = tokens.results();
    float decay = tokens.decay(head, token);
    float key = tokens.keys()[keyAt];
    float query = tokens.queries()[keyAt];
    for (int b = first; b < last; b++) {
      long at = row + (long) Float.BYTES * b;
      float brought = key * tokens.values()[valueAt + b];
      float c = FusedMultiplyAdd.of(memory.get(ValueLayout.JAVA_FLOAT, at), decay, brought);
      memory.set(ValueLayout.JAVA_FLOAT, at, c);
      h[hAt + b] = FusedMultiplyAdd.of(c, query, h[hAt + b]);
    }
  }
}
