package org.xlstm4j.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xlstm4j.engine.kernels.KernelFamily;
import org.xlstm4j.engine.kernels.Kernels;

/** Row-major 32-bit floats. */
final class F32Matrix extends Matrix {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final MemorySegment data;

  F32Matrix(MemorySegment data, int rows, int columns) {
    super(rows, columns);
    this.data = checkRows(data, Float.BYTES, rows, columns);
    Kernels.met(data);
    Kernels.want(KernelFamily.F32_ROWS);
  }

  @Override
  public WeightType type() {
    return WeightType.F32;
  }

  @Override
  public long byteSize() {
    return data.byteSize();
  }

  @Override
  public Matrix slice(int firstRow, int rowCount) {
    long from = byteOffset(firstRow, 0);
    long length = byteOffset(firstRow + rowCount, 0) - from;
    return new F32Matrix(data.asSlice(from, length), rowCount, columns());
  }

  @Override
  public void copyRow(int row, float[] target, int offset) {
    MemorySegment.copy(data, FLOAT, byteOffset(row, 0), target, offset, columns());
  }

  @Override
  void multiply(Operand x, int firstRow, int lastRow, float[] y, int yOffset, int yStride) {
    Kernels.f32Rows(x.tokens())
        .multiply(
            data,
            byteOffset(firstRow, 0),
            columns(),
            lastRow - firstRow,
            x.plain(),
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
        MemorySegment.copy(data, FLOAT, from, scratch, row * Panels.STRIDE, length);
      }
      Panels.transpose(scratch, count, length, panel, start * Panels.ROWS);
    }
  }

  @Override
  boolean isRowMajor() {
    return true;
  }

  @Override
  MemorySegment floats(int firstRow, int lastRow, float[] scratch) {
    return stored(firstRow, lastRow);
  }

  @Override
  MemorySegment stored(int firstRow, int lastRow) {
    long from = byteOffset(firstRow, 0);
    return data.asSlice(from, byteOffset(lastRow, 0) - from);
  }

  private long byteOffset(int row, int column) {
    return Float.BYTES * ((long) row * columns() + column);
  }
}
