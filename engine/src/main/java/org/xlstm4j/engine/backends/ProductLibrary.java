package org.xlstm4j.engine.backends;

import java.lang.foreign.MemorySegment;

/** A native library that multiplies dense matrices of 32-bit floats. Thread-safe. */
public interface ProductLibrary {
  /**
   * Adds {@code x w^T} to {@code y}, on the calling thread alone.
   *
   * @param x {@code [tokens][xStride]}, of which {@code columns} values count
   * @param xStride distance between two tokens in {@code x}, at least {@code columns}
   * @param tokens rows of {@code x} and {@code y}
   * @param w {@code [rows][columns]}, without gaps
   * @param rows rows of {@code w}
   * @param columns columns of {@code w}
   * @param y {@code [tokens][yStride]}, of which {@code rows} values are changed
   * @param yStride distance between two tokens in {@code y}, at least {@code rows}
   */
  void addProduct(
      MemorySegment x,
      int xStride,
      int tokens,
      MemorySegment w,
      int rows,
      int columns,
      MemorySegment y,
      int yStride);

  /** Whether {@link #addBf16Product} is there. */
  default boolean takesBf16() {
    return false;
  }

  /**
   * Adds {@code x w^T} to {@code y} with {@code x} rounded to bf16, on the calling thread alone.
   *
   * @param x {@code [tokens][xStride]} from {@code xOffset} on, of which {@code columns} values
   *     count
   * @param w bf16, {@code [rows][columns]}, off-heap, without gaps
   * @param y {@code [tokens][yStride]} from {@code yOffset} on, of which {@code rows} values are
   *     changed
   */
  default void addBf16Product(
      float[] x,
      int xOffset,
      int xStride,
      int tokens,
      MemorySegment w,
      int rows,
      int columns,
      float[] y,
      int yOffset,
      int yStride) {
    throw new UnsupportedOperationException(version());
  }

  /** Name and version in one line. */
  String version();
}
