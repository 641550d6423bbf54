package org.xlstm4j.engine;

import java.lang.foreign.MemorySegment;
import org.xlstm4j.engine.kernels.KernelFamily;
import org.xlstm4j.engine.kernels.Kernels;

/** Row-major upper halves of 32-bit floats. */
final class Bf16Matrix extends Matrix {
  private final MemorySegment data;

  Bf16Matrix(MemorySegment data, int rows, int columns) {
    super(rows, columns);
    this.data = checkRows(data, Short.BYTES, rows, columns);
    Kernels.met(data);
    Kernels.want(KernelFamily.BF16_ROWS);
    Kernels.want(KernelFamily.HALVES);
  }

  @Override
  public WeightType type() {
    return WeightType.BF16;
  }

  @Override
  public long byteSize() {
    return data.byteSize();
  }

  @Override
  public Matrix slice(int firstRow, int rowCount) {
    long from = byteOffset(firstRow, 0);
    long length = byteOffset(firstRow + rowCount, 0) - from;
    return new Bf16Matrix(data.asSlice(from, length), rowCount, columns());
  }

  @Override
  public void copyRow(int row, float[] target, int offset) {
    widen(byteOffset(row, 0), columns(), target, offset);
  }

  @Override
  void multiply(Operand x, int firstRow, int lastRow, float[] y, int yOffset, int yStride) {
    Kernels.bf16Rows(x.tokens())
        .multiply(
            data,
            byteOffset(firstRow, 0),
            columns(),
            lastRow - firstRow,
            x.split(),
            columns(),
            x.tokens(),
            y,
            yOffset,
            yStride);
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
    Kernels.halves().widenBf16(data, from, length, target, offset);
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

  private long byteOffset(int row, int column) {
    return Short.BYTES * ((long) row * columns() + column);
  }
}
