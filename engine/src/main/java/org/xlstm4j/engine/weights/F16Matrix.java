package org.xlstm4j.engine.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.kernels.dispatch.KernelFamily;
import org.xlstm4j.engine.kernels.dispatch.KernelNeeds;
import org.xlstm4j.engine.kernels.dispatch.Kernels;

/**
 * Row-major 16-bit IEEE floats: read, but not tuned, since published checkpoints of these models
 * are f32 or bf16.
 */
final class F16Matrix extends RowMajorMatrix {
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  F16Matrix(MemorySegment data, int rows, int columns) {
    super(WeightType.F16, Short.BYTES, data, rows, columns);
  }

  @Override
  void wantForTokens(int tokens) {}

  @Override
  void wantForPanels() {
    KernelNeeds.want(KernelFamily.HALVES);
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
          short bits = data().get(SHORT, from + (long) Short.BYTES * column);
          sum += Float.float16ToFloat(bits) * values[at + column];
        }
        y[yOffset + token * yStride + row - firstRow] = sum;
      }
    }
  }

  @Override
  void widen(long from, int length, float[] target, int offset) {
    Kernels.halves().widenF16(data(), from, length, target, offset);
  }

  /** The loop over columns is the same for any number of tokens. */
  @Override
  int exactGroup(int tokens) {
    return Operand.MAX_TOKENS;
  }

  /** The product with a few tokens is a scalar loop. */
  @Override
  int fewTokens() {
    return Operand.MAX_TOKENS;
  }
}
