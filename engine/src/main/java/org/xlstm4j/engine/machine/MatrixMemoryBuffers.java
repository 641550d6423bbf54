package org.xlstm4j.engine.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import org.xlstm4j.engine.kernels.MlstmKernels;

/**
 * The operands of {@link MatrixMemoryKernels}, off-heap, for all heads of a layer. One thread puts
 * keys, queries and values in; then several threads may compute bands of columns, each with its own
 * arguments. Memory grows to the largest size.
 */
public final class MatrixMemoryBuffers {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final int MAX_TOKENS = MlstmKernels.MAX_TOKENS;

  /** Most bytes of memory of a call, which holds up garbage collection. */
  private static final int CALL_BYTES = 1 << 19;

  private final MatrixMemoryKernels kernels;
  private final MemorySegment[] arguments;
  private MemorySegment keys = MemorySegment.NULL;
  private MemorySegment queries = MemorySegment.NULL;
  private MemorySegment values = MemorySegment.NULL;
  private MemorySegment results = MemorySegment.NULL;
  private int keyWidth;
  private int valueWidth;
  private int heads;
  private int tokens;

  MatrixMemoryBuffers(MatrixMemoryKernels kernels, int members) {
    this.kernels = kernels;
    this.arguments = new MemorySegment[members];
    for (int member = 0; member < members; member++) {
      arguments[member] = Arena.ofAuto().allocate(MatrixMemoryArguments.BYTES, 64);
    }
  }

  /**
   * Says what is to come.
   *
   * @param headCount number of heads
   * @param newKeyWidth width of a head's keys
   * @param newValueWidth width of a head's values, a multiple of {@link
   *     MatrixMemoryKernels#COLUMNS}
   * @param tokenCount 1 to four
   */
  public void reserve(int headCount, int newKeyWidth, int newValueWidth, int tokenCount) {
    heads = headCount;
    keyWidth = newKeyWidth;
    valueWidth = newValueWidth;
    tokens = tokenCount;
    long keyBytes = (long) MAX_TOKENS * keyStride();
    long valueBytes = (long) MAX_TOKENS * valueStride();
    keys = GrowingMemory.sized(keys, keyBytes);
    queries = GrowingMemory.sized(queries, keyBytes);
    values = GrowingMemory.sized(values, valueBytes);
    results = GrowingMemory.sized(results, valueBytes);
  }

  /** Takes keys and queries of all tokens and heads in, {@code [tokens][heads][keyWidth]}. */
  public void putKeys(float[] key, float[] query) {
    int count = tokens * heads * keyWidth;
    MemorySegment.copy(key, 0, keys, FLOAT, 0, count);
    MemorySegment.copy(query, 0, queries, FLOAT, 0, count);
  }

  /** Takes one token's values of all heads in. */
  public void putValues(int token, float[] value, int offset) {
    MemorySegment.copy(value, offset, values, FLOAT, token * valueStride(), heads * valueWidth);
  }

  /**
   * Computes some columns of a head.
   *
   * @param member whose arguments to use
   * @param memory holds C
   * @param offset where the head's C begins
   * @param head index of the head
   * @param first first column, a multiple of {@link MatrixMemoryKernels#COLUMNS}
   * @param last end of the columns, likewise
   * @param decay the tokens' decays from {@code gateOffset} on
   * @param scale the tokens' scales likewise
   */
  public void step(
      int member,
      MemorySegment memory,
      long offset,
      int head,
      int first,
      int last,
      float[] decay,
      float[] scale,
      int gateOffset) {
    int row = keyWidth * Float.BYTES;
    int most = Math.max(CALL_BYTES / row, 1) + MatrixMemoryKernels.COLUMNS - 1;
    int step = most / MatrixMemoryKernels.COLUMNS * MatrixMemoryKernels.COLUMNS;
    for (int from = first; from < last; from += step) {
      int to = Math.min(from + step, last);
      call(member, memory, offset, head, from, to, decay, scale, gateOffset);
    }
  }

  private void call(
      int member,
      MemorySegment memory,
      long offset,
      int head,
      int first,
      int last,
      float[] decay,
      float[] scale,
      int gateOffset) {
    MemorySegment own = arguments[member];
    long headKeys = (long) head * keyWidth * Float.BYTES;
    long columns = ((long) head * valueWidth + first) * Float.BYTES;
    own.set(LONG, MatrixMemoryArguments.KEYS, keys.address() + headKeys);
    own.set(LONG, MatrixMemoryArguments.QUERIES, queries.address() + headKeys);
    own.set(LONG, MatrixMemoryArguments.KEY_STRIDE, keyStride());
    own.set(LONG, MatrixMemoryArguments.KEY_WIDTH, keyWidth);
    own.set(LONG, MatrixMemoryArguments.ROW_BYTES, (long) valueWidth * Float.BYTES);
    own.set(LONG, MatrixMemoryArguments.WIDTH, last - first);
    own.set(LONG, MatrixMemoryArguments.VALUES, values.address() + columns);
    own.set(LONG, MatrixMemoryArguments.RESULTS, results.address() + columns);
    own.set(LONG, MatrixMemoryArguments.VALUE_STRIDE, valueStride());
    MemorySegment.copy(decay, gateOffset, own, FLOAT, MatrixMemoryArguments.DECAYS, tokens);
    MemorySegment.copy(scale, gateOffset, own, FLOAT, MatrixMemoryArguments.SCALES, tokens);
    try {
      kernels.step(tokens, memory, offset + (long) first * Float.BYTES, own);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Copies some columns of a head's results for one token. */
  public void copyResults(int token, int head, int first, int last, float[] h, int hOffset) {
    long from = token * valueStride() + ((long) head * valueWidth + first) * Float.BYTES;
    MemorySegment.copy(results, FLOAT, from, h, hOffset, last - first);
  }

  private long keyStride() {
    return (long) heads * keyWidth * Float.BYTES;
  }

  private long valueStride() {
    return (long) heads * valueWidth * Float.BYTES;
  }
}
