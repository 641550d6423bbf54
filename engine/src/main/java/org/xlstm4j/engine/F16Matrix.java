package org.xlstm4j.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xlstm4j.engine.kernels.KernelFamily;
import org.xlstm4j.engine.kernels.Kernels;

/**
 * Row-major 16-bit IEEE floats: read, but not tuned, since published checkpoints of these models
 * are f32 or bf16.
 */
final class F16Matrix extends Matrix {
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  private final MemorySegment data;

  F16Matrix(MemorySegment data, int rows, int columns) {
    super(rows, columns);
    this.data = checkRows(data, Short.BYTES, rows, columns);
    Kernels.met(data);
    Kernels.want(KernelFamily.HALVES);
  }

  @Override
  public WeightType type() {
    return WeightType.F16;
  }

  @Override
  public long byteSize() {
    return data.byteSize();
  }

  @Override
  public Matrix slice(int firstRow, int rowCount) {
    long from = byteOffset(firstRow, 0);
    long length = byteOffset(firstRow + rowCount, 0) - from;
    return new F16Matrix(data.asSlice(from, length), rowCount, columns());
  }

  @Override
  public void copyRow(int row, float[] target, int offset) {
    widen(byteOffset(row, 0), columns(), target, offset);
  }

  @Override
  void multiply(Operand x, int firstRow, int lastRow, float[] y, int yOffset, int yStride) {
    float[] values = x.plain();
    for (int row = firstRow; row < lastRow; row++) {
      long from = byteOffset(row, 0);
      for (int token = 0; token < x.tokens(); token++) {
        float sum = 0;
        int at = token * columns();
        for (int column = 0; column < columns(); column++) {
          short bits = data.get(SHORT, from + (long) Short.BYTES * column);
          sum += Float.float16ToFloat(bits) * values[at + column];
        }
        y[yOffset + token * yStride + row - firstRow] = sum;
      }
    }
  }

  @Override
  void unpack(int firstRow, int firstColumn, int columnCount, float[] panel, float[] scratch) {
    int count = Math.min(Panels.ROWS, rows() - firstRow);
    for (int start = 0; start < columnCount; start += Panels.PIECE) {
      int length = Math.min(Panels.PIECE, columnCount - start);
      for (int row = 0; row < count; row++) {
        long from = byteOffset(firstRow + row, firstColumn + start);
        widen(from, length, scratch, row * Panels.STRIDE);
      }
      Panels.transpose(scratch, count, length, panel, start * Panels.ROWS);
    }
  }

  private void widen(long from, int length, float[] target, int offset) {
    Kernels.halves().widenF16(data, from, length, target, offset);
  }

  @Override
  boolean isRowMajor() {
    return true;
  }

  @Override
  MemorySegment stored(int firstRow, int lastRow) {
    long from = byteOffset(firstRow, 0);
    return data.asSlice(from, byteOffset(lastRow, 0) - from);
  }

  /** The product with a few tokens is a scalar loop. */
  @Override
  int fewTokens() {
    return Operand.MAX_TOKENS;
  }

  private long byteOffset(int row, int column) {
    return Short.BYTES * ((long) row * columns() + column);
  }
}
