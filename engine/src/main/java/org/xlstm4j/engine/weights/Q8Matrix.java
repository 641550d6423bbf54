package org.xlstm4j.engine.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.kernels.dispatch.Kernels;

/** 8-bit integers in panels. */
final class Q8Matrix extends QuantizedMatrix {
  Q8Matrix(MemorySegment data, int rows, int columns) {
    super(WeightType.Q8, data, rows, columns);
  }

  @Override
  public void copyRow(int row, float[] target, int offset) {
    int lane = row % PanelLayout.ROWS;
    for (int first = 0; first < columns(); first += PanelLayout.COLUMNS) {
      long block = blockOffset(row, first);
      float scale = PanelLayout.q8Scale(data().get(SHORT, block + PanelLayout.scaleOffset(lane)));
      int count = Math.min(PanelLayout.COLUMNS, columns() - first);
      for (int i = 0; i < count; i++) {
        byte weight = data().get(ValueLayout.JAVA_BYTE, block + PanelLayout.q8Offset(lane, i));
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
    Kernels.unpacking().q8(data(), from, count, panel);
  }
}
