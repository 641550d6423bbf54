package org.xlstm4j.engine;

import java.lang.foreign.MemorySegment;
import org.xlstm4j.engine.kernels.Kernels;
import org.xlstm4j.engine.kernels.PanelKernels;

/** 8-bit integers in panels. */
final class Q8Matrix extends QuantizedMatrix {
  Q8Matrix(MemorySegment data, int rows, int columns) {
    super(WeightType.Q8, data, rows, columns);
  }

  @Override
  public void copyRow(int row, float[] target, int offset) {
    int lane = PanelLayout.lane(row % PanelLayout.ROWS);
    for (int first = 0; first < columns(); first += PanelLayout.COLUMNS) {
      long block = blockOffset(row, first);
      float scale = PanelLayout.q8Scale(data().get(SHORT, block + 2L * lane));
      long weights = block + PanelLayout.SCALE_BYTES + 2L * lane;
      int count = Math.min(PanelLayout.COLUMNS, columns() - first);
      for (int i = 0; i < count; i++) {
        short pair = data().get(SHORT, weights + 2L * PanelLayout.ROWS * (i >> 1));
        int weight = (i & 1) == 0 ? PanelKernels.q8First(pair) : PanelKernels.q8Second(pair);
        target[offset + first + i] = scale * weight;
      }
    }
  }

  @Override
  void multiply(Operand x, int firstRow, int lastRow, float[] y, int yOffset, int yStride) {
    Kernels.q8()
        .multiply(
            data(),
            blockOffset(firstRow, 0),
            blocks(),
            lastRow - firstRow,
            x.q8Factors(),
            x.scales(),
            x.tokens(),
            y,
            yOffset,
            yStride);
  }

  @Override
  void unpack(int firstRow, int firstColumn, int columnCount, float[] panel, float[] scratch) {
    int count = (columnCount + PanelLayout.COLUMNS - 1) / PanelLayout.COLUMNS;
    long from = blockOffset(firstRow, firstColumn);
    Kernels.unpacking().q8(data(), from, half(firstRow), count, panel);
  }
}
