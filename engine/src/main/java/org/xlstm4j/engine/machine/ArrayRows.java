package org.xlstm4j.engine.machine;

import java.util.Objects;

/** Rows of arrays as kernels are given them. */
final class ArrayRows {
  private ArrayRows() {}

  /**
   * Checks that an array has rows of so many values.
   *
   * @param stride distance between two rows, at least 0
   */
  static void check(float[] array, int offset, int rows, int stride, int length) {
    Objects.checkIndex(stride, Integer.MAX_VALUE);
    long size = rows == 0 ? 0 : (rows - 1) * (long) stride + length;
    Objects.checkFromIndexSize((long) offset, size, (long) array.length);
  }

  /** Two numbers that are not negative as one argument. */
  static long halves(int lower, int upper) {
    return lower | (long) upper << Integer.SIZE;
  }

  /** Where an element lies. */
  static long bytes(int index) {
    return (long) index * Float.BYTES;
  }
}
