package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.KernelCode;
import org.xlstm4j.engine.machine.code.SplitTileCode;

/**
 * Dense products of floats by the tiles of AMX ({@link SplitTileCode}), which lose nothing but what
 * sums of floats lose as well. Each sum depends on its row and its token alone. Immutable and
 * thread-safe.
 */
public final class SplitTiles {
  /** Columns are multiples of this. */
  public static final int COLUMNS = SplitTileCode.COLUMNS;

  /** Rows of a panel. */
  public static final int ROWS = SplitTileCode.ROWS;

  /** Tokens that are multiplied together. */
  public static final int TOKENS = SplitTileCode.TOKENS;

  /** Rows or tokens of a split tile. */
  public static final int TILE = SplitTileCode.TILE;

  /** Bytes of the sums of a panel. */
  public static final int SUM_BYTES = ROWS * TOKENS * Float.BYTES;

  private final MemorySegment split;
  private final MemorySegment transpose;
  private final MemorySegment multiplyRows;
  private final MemorySegment multiplySplit;
  private final MemorySegment pack;

  private SplitTiles(MemorySegment[] codes) {
    split = codes[0];
    transpose = codes[1];
    multiplyRows = codes[2];
    multiplySplit = codes[3];
    pack = codes[4];
  }

  static SplitTiles make(KernelCode code) {
    return of(listings(code));
  }

  /** In the order in which {@link #of} takes them. */
  static List<Code> listings(KernelCode code) {
    SplitTileCode tiles = code.splitTiles().orElseThrow();
    return List.of(
        tiles.split(), tiles.transpose(), tiles.multiplyRows(), tiles.multiplySplit(), code.pack());
  }

  static SplitTiles of(List<Code> listings) {
    return new SplitTiles(CodeMemory.executable(listings));
  }

  /**
   * The memory of a split tile.
   *
   * @param columns a multiple of {@link #COLUMNS}
   */
  public static long tileBytes(int columns) {
    return (long) columns / COLUMNS * SplitTileCode.STEP_BYTES;
  }

  /**
   * Splits some tokens.
   *
   * @param x values of the tokens
   * @param offset index of token 0's first value
   * @param stride distance between two tokens, of any sign
   * @param count 0 to {@link #TILE}; the others become zeros
   * @param columns values a token, a multiple of {@link #COLUMNS}
   * @param scratch as large as a split tile
   * @param target receives the split tile; native memory, as the scratch is
   * @param to where it goes there
   */
  public void splitTokens(
      float[] x,
      int offset,
      int stride,
      int count,
      int columns,
      MemorySegment scratch,
      MemorySegment target,
      long to) {
    int last = offset + Math.max(count - 1, 0) * stride;
    Objects.checkFromIndexSize(Math.min(offset, last), columns, x.length);
    Objects.checkFromIndexSize(Math.max(offset, last), columns, x.length);
    long bytes = tileBytes(columns);
    Objects.checkFromIndexSize(to, bytes, target.byteSize());
    if (count == 0) {
      // a slice to fill would be garbage
      for (long at = to; at < to + bytes; at += Long.BYTES) {
        target.set(ValueLayout.JAVA_LONG, at, 0);
      }
      return;
    }
    if (count < TILE) {
      scratch.fill((byte) 0);
    }
    MemorySegment values = ArraySegments.of(x);
    long distance = (long) Float.BYTES * stride;
    splitRows(values, ArrayRows.bytes(offset), distance, count, columns, scratch, 0);
    int tiles = columns / COLUMNS * SplitTileCode.PARTS;
    NativeCall.call(transpose, scratch, 0, target.address() + to, tiles, 0, 0);
  }

  /**
   * Splits some rows of floats.
   *
   * @param rows holds them
   * @param offset where the first one begins, in bytes
   * @param distance bytes between two of them
   * @param count 1 to {@link #TILE}; nothing is written for others
   * @param columns values a row, a multiple of {@link #COLUMNS}
   * @param target receives the split tile
   * @param to where it goes there
   */
  public void splitRows(
      MemorySegment rows,
      long offset,
      long distance,
      int count,
      int columns,
      MemorySegment target,
      long to) {
    Objects.checkFromIndexSize(to, tileBytes(columns), target.byteSize());
    Objects.checkIndex(count - 1, TILE);
    int steps = columns / COLUMNS;
    ArrayCall.call(
        split, rows, offset, rows, 0, target, to, ArrayRows.halves(steps, count), distance);
  }

  /**
   * Multiplies bfloat16 weights as they are stored.
   *
   * @param weights rows, of whole panels
   * @param offset where the first one begins, in bytes
   * @param columns values a row, a multiple of {@link #COLUMNS}
   * @param panels how many panels
   * @param tokens two split tiles, one behind the other
   * @param tokensAt where they begin
   * @param sums receives {@code [panel][32 rows][32 tokens]}, from the beginning on
   */
  public void multiplyRows(
      MemorySegment weights,
      long offset,
      int columns,
      int panels,
      MemorySegment tokens,
      long tokensAt,
      MemorySegment sums) {
    long rowBytes = (long) Short.BYTES * columns;
    Objects.checkFromIndexSize(offset, (long) panels * ROWS * rowBytes, weights.byteSize());
    multiply(multiplyRows, weights, offset, rowBytes, columns, panels, tokens, tokensAt, sums);
  }

  /**
   * Multiplies weights in split tiles, two a panel; otherwise as {@link #multiplyRows}.
   *
   * @param weights split tiles, one behind the other from the beginning on
   */
  public void multiplySplit(
      MemorySegment weights,
      int columns,
      int panels,
      MemorySegment tokens,
      long tokensAt,
      MemorySegment sums) {
    long tileBytes = tileBytes(columns);
    Objects.checkFromIndexSize(0, 2L * panels * tileBytes, weights.byteSize());
    multiply(multiplySplit, weights, 0, tileBytes, columns, panels, tokens, tokensAt, sums);
  }

  private static void multiply(
      MemorySegment code,
      MemorySegment weights,
      long from,
      long distance,
      int columns,
      int panels,
      MemorySegment tokens,
      long tokensAt,
      MemorySegment sums) {
    Objects.checkFromIndexSize(tokensAt, 2 * tileBytes(columns), tokens.byteSize());
    Objects.checkFromIndexSize(0, (long) panels * SUM_BYTES, sums.byteSize());
    NativeCall.call(
        code,
        weights,
        tokens.address() + tokensAt,
        sums.address(),
        ArrayRows.halves(columns / COLUMNS, panels),
        distance,
        from);
  }

  /**
   * Copies the sums of a panel to where results are wanted.
   *
   * @param sums of all panels
   * @param panel which one
   * @param rows 1 to {@link #ROWS}
   * @param tokens 1 to {@link #TOKENS}
   * @param y receives {@code y[to + token * stride + row]}
   */
  public void copySums(
      MemorySegment sums, int panel, int rows, int tokens, float[] y, int to, int stride) {
    ArrayRows.check(y, to, tokens, stride, rows);
    long begin = (long) panel * SUM_BYTES;
    Objects.checkFromIndexSize(begin, SUM_BYTES, sums.byteSize());
    int wholeRows = rows / TileKernels.ROWS * TileKernels.ROWS;
    int wholeTokens = tokens / KernelCode.PACKED_COLUMNS * KernelCode.PACKED_COLUMNS;
    MemorySegment target = ArraySegments.of(y);
    for (int row = 0; row < wholeRows && wholeTokens > 0; row += TileKernels.ROWS) {
      ArrayCall.call(
          pack,
          sums,
          begin + (long) row * TOKENS * Float.BYTES,
          target,
          ArrayRows.bytes(to + row),
          target,
          0,
          ArrayRows.halves(wholeTokens / KernelCode.PACKED_COLUMNS, stride),
          TOKENS * Float.BYTES);
    }
    for (int row = 0; row < rows; row++) {
      for (int token = row < wholeRows ? wholeTokens : 0; token < tokens; token++) {
        long at = begin + ArrayRows.bytes(row * TOKENS + token);
        y[to + token * stride + row] = sums.get(ValueLayout.JAVA_FLOAT, at);
      }
    }
  }
}
