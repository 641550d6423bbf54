package org.xlstm4j.engine;

import java.lang.foreign.MemorySegment;
import org.xlstm4j.engine.kernels.Kernels;

/** Weights row after row, as checkpoints hold them. */
abstract sealed class RowMajorMatrix extends Matrix permits F32Matrix, Bf16Matrix, F16Matrix {
  private final WeightType type;
  private final long bytesPerWeight;
  private final MemorySegment data;

  RowMajorMatrix(WeightType type, long bytesPerWeight, MemorySegment data, int rows, int columns) {
    super(rows, columns);
    this.type = type;
    this.bytesPerWeight = bytesPerWeight;
    this.data = checkRows(data, bytesPerWeight, rows, columns);
    Kernels.met(data);
  }

  @Override
  public final WeightType type() {
    return type;
  }

  @Override
  public final long byteSize() {
    return data.byteSize();
  }

  @Override
  public final Matrix slice(int firstRow, int rowCount) {
    return of(type, stored(firstRow, firstRow + rowCount), rowCount, columns());
  }

  @Override
  public final void copyRow(int row, float[] target, int offset) {
    widen(byteOffset(row, 0), columns(), target, offset);
  }

  @Override
  final void unpack(
      int firstRow, int firstColumn, int columnCount, float[] panel, float[] scratch) {
    int count = Math.min(Panels.ROWS, rows() - firstRow);
    for (int row = 0; row < count; row++) {
      widen(byteOffset(firstRow + row, firstColumn), columnCount, scratch, row * Panels.STRIDE);
    }
    Panels.transpose(scratch, count, columnCount, panel);
  }

  @Override
  final boolean isRowMajor() {
    return true;
  }

  @Override
  final MemorySegment stored(int firstRow, int lastRow) {
    long from = byteOffset(firstRow, 0);
    return data.asSlice(from, byteOffset(lastRow, 0) - from);
  }

  /** Successive weights as floats. */
  abstract void widen(long from, int length, float[] target, int offset);

  final MemorySegment data() {
    return data;
  }

  final long byteOffset(int row, int column) {
    return bytesPerWeight * ((long) row * columns() + column);
  }
}
