package org.xlstm4j.engine.weights;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.machine.GrowingMemory;
import org.xlstm4j.engine.machine.SplitTiles;
import org.xlstm4j.engine.tokens.Columns;

/**
 * Products of row-major weights with many tokens by {@link SplitTiles}: a session's memory for
 * them, and the walk over weights and tokens. Some panels of weights stay in the second-level cache
 * while all tokens meet them.
 */
final class SplitProduct {
  /** Tokens of a split tile. */
  static final int TILE = SplitTiles.TILE;

  /** Weights that stay in the second-level cache, which processors with AMX have 2 MB of. */
  private static final int CACHED_BYTES = 3 << 18;

  private final SplitTiles kernels;
  private final LinearScratch scratch;
  private final Member[] members;
  private MemorySegment tokens = MemorySegment.NULL;
  private int columns;
  private long tileBytes;

  /** What a thread needs for itself. */
  private static final class Member {
    MemorySegment tile = MemorySegment.NULL;
    MemorySegment weights = MemorySegment.NULL;
    MemorySegment sums = MemorySegment.NULL;
  }

  /**
   * Memory for a team.
   *
   * @param scratch room that each thread has for weights as floats
   * @param members how many threads
   */
  SplitProduct(SplitTiles kernels, LinearScratch scratch, int members) {
    this.kernels = kernels;
    this.scratch = scratch;
    this.members = new Member[members];
    Arrays.setAll(this.members, member -> new Member());
  }

  /** Whether rows of so many columns can be multiplied. */
  static boolean takes(int columns) {
    return columns % SplitTiles.COLUMNS == 0;
  }

  /** Makes room for tokens; called by one thread before others split them. */
  void begin(int tokenCount, int columnCount) {
    columns = columnCount;
    tileBytes = SplitTiles.tileBytes(columns);
    int units = (tokenCount + SplitTiles.TOKENS - 1) / SplitTiles.TOKENS;
    tokens = GrowingMemory.sized(tokens, Math.multiplyExact(2L * units, tileBytes));
  }

  /**
   * Splits the tokens of a tile; the last one is followed by zeros up to a whole unit.
   *
   * @param first a multiple of {@link #TILE}
   * @param end behind the last token of all
   */
  void split(Columns x, int first, int end, int member) {
    int count = Math.min(TILE, end - first);
    int tile = first / TILE;
    split(x, first, count, tile, members[member]);
    if (tile % 2 == 0 && first + TILE >= end) {
      split(x, first, 0, tile + 1, members[member]);
    }
  }

  private void split(Columns x, int first, int count, int tile, Member own) {
    own.tile = GrowingMemory.sized(own.tile, tileBytes);
    kernels.splitTokens(
        x.data(), x.at(first), x.stride(), count, columns, own.tile, tokens, tile * tileBytes);
  }

  /**
   * Multiplies some rows by all tokens.
   *
   * @param firstRow begins a panel
   * @param y receives the results
   * @param to where token 0's first row goes
   */
  void multiply(
      Matrix part,
      int firstRow,
      int lastRow,
      int count,
      float[] y,
      int to,
      int stride,
      int member) {
    int row = firstRow;
    while (row < lastRow) {
      int rows = lastRow - row;
      // rows that fill no panel are copied, because those behind them are not there to be read
      boolean stored = part.type() == WeightType.BF16 && rows >= SplitTiles.ROWS;
      rows = Math.min(rows, cachedRows(stored));
      rows -= stored ? rows % SplitTiles.ROWS : 0;
      multiplyCached(part, row, rows, stored, count, y, to + row - firstRow, stride, member);
      row += rows;
    }
  }

  /** Rows of whole panels that stay in cache, of one at least. */
  private int cachedRows(boolean stored) {
    long panelBytes = stored ? (long) SplitTiles.ROWS * columns * Short.BYTES : 2 * tileBytes;
    return Math.clamp(CACHED_BYTES / panelBytes, 1, 32) * SplitTiles.ROWS;
  }

  private void multiplyCached(
      Matrix part,
      int row,
      int rows,
      boolean stored,
      int count,
      float[] y,
      int to,
      int stride,
      int member) {
    Member own = members[member];
    int panels = Panels.count(rows);
    own.sums = GrowingMemory.sized(own.sums, (long) panels * SplitTiles.SUM_BYTES);
    if (!stored) {
      splitWeights(part, row, rows, member);
    }
    for (int token = 0; token < count; token += SplitTiles.TOKENS) {
      long at = token / TILE * tileBytes;
      if (stored) {
        kernels.multiplyRows(part.data(), part.offset(row), columns, panels, tokens, at, own.sums);
      } else {
        kernels.multiplySplit(own.weights, columns, panels, tokens, at, own.sums);
      }
      int some = Math.min(SplitTiles.TOKENS, count - token);
      for (int panel = 0; panel < panels; panel++) {
        int height = Math.min(SplitTiles.ROWS, rows - panel * SplitTiles.ROWS);
        int place = to + token * stride + panel * SplitTiles.ROWS;
        kernels.copySums(own.sums, panel, height, some, y, place, stride);
      }
    }
  }

  private void splitWeights(Matrix part, int row, int rows, int member) {
    Member own = members[member];
    own.weights = GrowingMemory.sized(own.weights, 2L * Panels.count(rows) * tileBytes);
    boolean floats = part.type() == WeightType.F32;
    long rowBytes = (long) Float.BYTES * columns;
    for (int first = 0; first < rows; first += TILE) {
      int some = Math.min(TILE, rows - first);
      long to = first / TILE * tileBytes;
      if (floats) {
        long from = part.offset(row + first);
        kernels.splitRows(part.data(), from, rowBytes, some, columns, own.weights, to);
      } else {
        MemorySegment values = scratch.floats(member, TILE * columns);
        part.copyRows(row + first, row + first + some, scratch.rows(member, TILE * columns));
        kernels.splitRows(values, 0, rowBytes, some, columns, own.weights, to);
      }
    }
  }
}
