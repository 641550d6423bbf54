package org.xlstm4j.loader.tensors;

import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.weights.PanelLayout;

/**
 * How a model uses a tensor's elements: as matrices of one size, one after the other. A projection
 * is one matrix; block-diagonal gates are one matrix per head.
 *
 * @param count how many, at least 1
 * @param rows outputs of each, at least 1
 * @param columns inputs of each, at least 1
 */
public record MatrixForm(int count, int rows, int columns) {
  /** Rows from which on a matrix is worth panels. */
  private static final int LEAST_ROWS = 64;

  /** Checks the sizes. */
  public MatrixForm {
    if (count < 1 || rows < 1 || columns < 1) {
      throw new IllegalArgumentException(count + " matrices of " + rows + " x " + columns);
    }
  }

  /**
   * Whether panels save memory that is worth the rounding: they are filled up to whole panels and
   * blocks. Gates of a few heads have too few rows and stay as they are.
   *
   * @return whether there are at least 64 rows and 32 columns
   */
  public boolean isWorthPacking() {
    return rows >= LEAST_ROWS && columns >= PanelLayout.COLUMNS;
  }

  /** The sizes. What Java writes for a record is put together at the first call, in 10 ms. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MatrixForm form
        && count == form.count
        && rows == form.rows
        && columns == form.columns;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * count + rows) + columns;
  }

  /**
   * Number of weights.
   *
   * @return the product of the sizes
   * @throws ArithmeticException if a {@code long} cannot count them
   */
  public long elements() {
    return Math.multiplyExact((long) count * rows, (long) columns);
  }
}
