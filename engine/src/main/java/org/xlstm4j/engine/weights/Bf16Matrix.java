package org.xlstm4j.engine.weights;

import java.lang.foreign.MemorySegment;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.kernels.dispatch.KernelFamily;
import org.xlstm4j.engine.kernels.dispatch.KernelNeeds;
import org.xlstm4j.engine.kernels.dispatch.Kernels;

/** Row-major upper halves of 32-bit floats. */
final class Bf16Matrix extends RowMajorMatrix {
  Bf16Matrix(MemorySegment data, int rows, int columns) {
    super(WeightType.BF16, Short.BYTES, data, rows, columns);
  }

  @Override
  void wantForTokens(int tokens) {
    KernelNeeds.want(KernelFamily.HALVES);
    if (tokens == 1) {
      KernelNeeds.want(KernelFamily.BF16_ROWS, data(), (long) rows() * columns());
    } else {
      KernelNeeds.wantForSeveral(KernelFamily.BF16_ROWS_OF_TOKENS);
    }
  }

  @Override
  void wantForPanels() {
    KernelNeeds.want(KernelFamily.HALVES);
  }

  @Override
  void multiply(Operand x, int firstRow, int lastRow, float[] y, int yOffset, int yStride) {
    Kernels.bf16Rows(x.tokens())
        .multiply(
            data(),
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
  void widen(long from, int length, float[] target, int offset) {
    Kernels.halves().widenBf16(data(), from, length, target, offset);
  }
}
