package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The one dense product that everything with many tokens is made of: a tile of {@value #ROWS} by
 * {@value #COLUMNS} sums kept in registers while {@code depth} is walked,
 *
 * <pre>out[i][j] = start[i][j] + sum over d of a[d][i] * b[d][j]</pre>
 *
 * with {@code a} broadcast and {@code b} loaded as vectors. Both are packed depth-major, so that
 * neither needs a horizontal sum and their strides are constants, which lets the compiler drop the
 * bounds checks.
 */
public interface TileKernels {
  /** Rows of a tile: values of {@code a} a depth. */
  int ROWS = 8;

  /** Columns of a tile: values of {@code b} a depth. */
  int COLUMNS = 32;

  /**
   * Computes one tile.
   *
   * @param a {@code [depth][ROWS]}
   * @param aOffset index of {@code a[0][0]}
   * @param b {@code [depth][COLUMNS]}
   * @param bOffset index of {@code b[0][0]}
   * @param depth number of products summed, at least 0
   * @param start what the sums begin with, {@code [ROWS][startStride]}; may be {@code out} itself
   * @param from index of {@code start[0][0]}
   * @param startStride distance between two rows of {@code start}; 0 to begin them all with one row
   * @param out {@code [ROWS][stride]}
   * @param to index of {@code out[0][0]}
   * @param stride distance between two rows of {@code out}
   */
  void tile(
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int depth,
      float[] start,
      int from,
      int startStride,
      float[] out,
      int to,
      int stride);

  /**
   * Adds to one tile: the same with {@code out} as {@code start}.
   *
   * @param a {@code [depth][ROWS]}
   * @param aOffset index of {@code a[0][0]}
   * @param b {@code [depth][COLUMNS]}
   * @param bOffset index of {@code b[0][0]}
   * @param depth number of products summed, at least 0
   * @param out {@code [ROWS][stride]}
   * @param to index of {@code out[0][0]}
   * @param stride distance between two rows of {@code out}
   */
  default void addTile(
      float[] a, int aOffset, float[] b, int bOffset, int depth, float[] out, int to, int stride) {
    tile(a, aOffset, b, bOffset, depth, out, to, stride, out, to, stride);
  }

  /**
   * Computes tiles one below the other: the same with one {@code b} and several groups of rows.
   * Where all rows begin with the row that lies directly behind {@code b}, {@code start} being
   * {@code b}, the sums are begun without a copy.
   *
   * @param a {@code [count][depth][ROWS]}
   * @param aOffset index of {@code a[0][0][0]}
   * @param aStride distance between two groups of {@code a}, at least 0
   * @param count number of tiles, at least 0
   * @param b {@code [depth][COLUMNS]}
   * @param bOffset index of {@code b[0][0]}
   * @param depth number of products summed, at least 0
   * @param start what the sums begin with, {@code [count * ROWS][startStride]}; may be {@code out}
   *     itself
   * @param from index of {@code start[0][0]}
   * @param startStride distance between two rows of {@code start}; 0 to begin them all with one row
   * @param out {@code [count * ROWS][stride]}
   * @param to index of {@code out[0][0]}
   * @param stride distance between two rows of {@code out}, at least 0
   */
  default void tiles(
      float[] a,
      int aOffset,
      int aStride,
      int count,
      float[] b,
      int bOffset,
      int depth,
      float[] start,
      int from,
      int startStride,
      float[] out,
      int to,
      int stride) {
    for (int tile = 0; tile < count; tile++) {
      tile(
          a,
          aOffset + tile * aStride,
          b,
          bOffset,
          depth,
          start,
          from + tile * ROWS * startStride,
          startStride,
          out,
          to + tile * ROWS * stride,
          stride);
    }
  }

  /**
   * Adds to tiles one below the other: the same with {@code out} as {@code start}.
   *
   * @param a {@code [count][depth][ROWS]}
   * @param aOffset index of {@code a[0][0][0]}
   * @param aStride distance between two groups of {@code a}, at least 0
   * @param count number of tiles, at least 0
   * @param b {@code [depth][COLUMNS]}
   * @param bOffset index of {@code b[0][0]}
   * @param depth number of products summed, at least 0
   * @param out {@code [count * ROWS][stride]}
   * @param to index of {@code out[0][0]}
   * @param stride distance between two rows of {@code out}, at least 0
   */
  default void addTiles(
      float[] a,
      int aOffset,
      int aStride,
      int count,
      float[] b,
      int bOffset,
      int depth,
      float[] out,
      int to,
      int stride) {
    tiles(a, aOffset, aStride, count, b, bOffset, depth, out, to, stride, out, to, stride);
  }

  /**
   * Whether {@link #addRows} and {@link #packPanel} are fast here.
   *
   * @return false where nobody should call it but to compare
   */
  default boolean takesRows() {
    return false;
  }

  /**
   * Adds to tiles one below the other with rows as they are stored: {@code out[i][j] += sum over d
   * of a[i][d] * b[d][j]}.
   *
   * @param a {@code [count * ROWS][depth]}
   * @param byteOffset where {@code a[0][0]} lies
   * @param count number of tiles, at least 0
   * @param b {@code [depth][COLUMNS]}
   * @param bOffset index of {@code b[0][0]}
   * @param depth number of products summed, at least 0
   * @param out {@code [count * ROWS][COLUMNS]}, from its beginning on
   * @param ahead bytes from {@code a[0][0]} to memory that will be read next, half as much of it as
   *     this call reads
   */
  default void addRows(
      MemorySegment a,
      long byteOffset,
      int count,
      float[] b,
      int bOffset,
      int depth,
      float[] out,
      long ahead) {
    for (int row = 0; row < count * ROWS; row++) {
      for (int d = 0; d < depth; d++) {
        long at = byteOffset + Float.BYTES * ((long) row * depth + d);
        float factor = a.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
        FusedMultiplyAdd.add(factor, b, bOffset + COLUMNS * d, COLUMNS, out, row * COLUMNS);
      }
    }
  }

  /**
   * Packs: eight rows become columns, {@code out[to + c * outStride + r] = x[offset + r * stride +
   * c]} with r below {@link #ROWS}.
   *
   * @param x holds the rows
   * @param offset where the first row starts
   * @param stride distance between two rows; may be negative
   * @param columns values a row
   * @param out receives them
   * @param to where the first column goes
   * @param outStride distance between two columns, at least {@link #ROWS}
   */
  void pack(float[] x, int offset, int stride, int columns, float[] out, int to, int outStride);

  /**
   * Packs rows as they are stored: {@code out[c * COLUMNS + r]} becomes the value at {@code from +
   * r * stride + c * 4} with r below {@link #COLUMNS}.
   *
   * @param x holds the rows
   * @param from where the first row starts, in bytes
   * @param stride distance between two rows, in bytes, at least 0
   * @param columns values a row
   * @param out receives them, {@code [columns][COLUMNS]}
   */
  default void packPanel(MemorySegment x, long from, long stride, int columns, float[] out) {
    packColumns(x, from, stride, 0, columns, out);
  }

  /** The same for some of the columns. */
  static void packColumns(
      MemorySegment x, long from, long stride, int firstColumn, int lastColumn, float[] out) {
    for (int column = firstColumn; column < lastColumn; column++) {
      for (int row = 0; row < COLUMNS; row++) {
        long at = from + row * stride + (long) Float.BYTES * column;
        out[column * COLUMNS + row] = x.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
      }
    }
  }
}
