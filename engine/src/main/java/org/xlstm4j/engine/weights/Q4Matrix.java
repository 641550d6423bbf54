package org.xlstm4j.engine.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.kernels.dispatch.Kernels;

/** 4-bit integers with scale and zero point in panels. */
final class Q4Matrix extends QuantizedMatrix {
  Q4Matrix(MemorySegment data, int rows, int columns) {
    super(WeightType.Q4, data, rows, columns);
  }

  @Override
  public void copyRow(int row, float[] target, int offset) {
    int lane = row % PanelLayout.ROWS;
    for (int first = 0; first < columns(); first += PanelLayout.COLUMNS) {
      long block = blockOffset(row, first);
      short word = data().get(SHORT, block + PanelLayout.scaleOffset(lane));
      float scale = PanelLayout.q4Scale(word);
      float zero = PanelKernels.q4Zero(word);
      int count = Math.min(PanelLayout.COLUMNS, columns() - first);
      for (int i = 0; i < count; i++) {
        byte pair = data().get(ValueLayout.JAVA_BYTE, block + PanelLayout.q4Offset(lane, i));
        int weight = (pair >> PanelLayout.q4Shift(i)) & 15;
        target[offset + first + i] = scale * (weight - zero);
      }
    }
  }

  @Override
  void multiply(Operand x, int firstRow, int lastRow, float[] y, int yOffset, int yStride) {
    Kernels.q4()
        .multiply(
            data(),
            blockOffset(firstRow, 0),
            blocks(),
            lastRow - firstRow,
            x.q4Factors(),
            x.scales(),
            x.sums(),
            x.tokens(),
            y,
            yOffset,
            yStride);
  }

  @Override
  void unpack(int firstRow, int firstColumn, int columnCount, float[] panel, float[] scratch) {
    int count = (columnCount + PanelLayout.COLUMNS - 1) / PanelLayout.COLUMNS;
    long from = blockOffset(firstRow, firstColumn);
    Kernels.unpacking().q4(data(), from, count, panel);
  }
}
