package org.xlstm4j.engine.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.kernels.dispatch.KernelFamily;
import org.xlstm4j.engine.kernels.dispatch.KernelNeeds;
import org.xlstm4j.engine.kernels.dispatch.Kernels;

/** Row-major 32-bit floats. */
final class F32Matrix extends RowMajorMatrix {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  F32Matrix(MemorySegment data, int rows, int columns) {
    super(WeightType.F32, Float.BYTES, data, rows, columns);
  }

  @Override
  void wantForTokens(int tokens) {
    if (tokens == 1) {
      KernelNeeds.want(KernelFamily.F32_ROWS, data(), (long) rows() * columns());
    } else {
      KernelNeeds.wantForSeveral(KernelFamily.F32_ROWS_OF_TOKENS);
    }
  }

  @Override
  void wantForPanels() {}

  @Override
  void multiply(Operand x, int firstRow, int lastRow, float[] y, int yOffset, int yStride) {
    Kernels.f32Rows(x.tokens())
        .multiply(
            data(),
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

  /** Straight from the weights where that is fast. */
  @Override
  void unpack(int firstRow, int firstColumn, int columnCount, float[] panel, float[] scratch) {
    TileKernels kernels = Kernels.tiles();
    if (kernels.takesRows() && firstRow + Panels.ROWS <= rows()) {
      long from = byteOffset(firstRow, firstColumn);
      kernels.packPanel(data(), from, byteOffset(1, 0), columnCount, panel);
    } else {
      super.unpack(firstRow, firstColumn, columnCount, panel, scratch);
    }
  }

  @Override
  MemorySegment floats(int firstRow, int lastRow, float[] scratch) {
    return stored(firstRow, lastRow);
  }

  @Override
  void widen(long from, int length, float[] target, int offset) {
    MemorySegment.copy(data(), FLOAT, from, target, offset, length);
  }
}
