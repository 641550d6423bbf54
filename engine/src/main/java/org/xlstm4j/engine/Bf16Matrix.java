package org.xlstm4j.engine;

import java.lang.foreign.MemorySegment;
import org.xlstm4j.engine.kernels.KernelFamily;
import org.xlstm4j.engine.kernels.Kernels;

/** Row-major upper halves of 32-bit floats. */
final class Bf16Matrix extends RowMajorMatrix {
  Bf16Matrix(MemorySegment data, int rows, int columns) {
    super(WeightType.BF16, Short.BYTES, data, rows, columns);
    if (products(1) == null) {
      Kernels.want(KernelFamily.BF16_ROWS, (long) rows * columns);
    }
    Kernels.want(KernelFamily.HALVES, (long) rows * columns);
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
