package org.xlstm4j.engine.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;
import org.xlstm4j.engine.kernels.vector.VectorKernels;

/** The SIMD products against double sums and against their scalar specification. */
@Tag("slow")
class RowKernelsTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 513, 1025})
  void productsAgreeWithDoubleSums(int columns) {
    for (int rows : new int[] {1, 3, 4, 5, 8, 11}) {
      for (int tokens = 1; tokens <= RowKernels.MAX_TOKENS; tokens++) {
        for (int lead : new int[] {0, 4, 6, 40, 62}) { // rows of a file begin anywhere
          check(columns, rows, tokens, lead, false, ScalarKernels.f32Rows());
          check(columns, rows, tokens, lead, false, VectorKernels.f32Rows());
          check(columns, rows, tokens, lead, true, ScalarKernels.bf16Rows());
          check(columns, rows, tokens, lead, true, VectorKernels.bf16Rows());
        }
      }
    }
  }

  private static void check(
      int columns, int rows, int tokens, int lead, boolean bf16, RowKernels kernels) {
    Random random = new Random(columns * 31L + rows);
    float[] w = new float[rows * columns];
    float[] x = new float[tokens * columns];
    for (int i = 0; i < w.length; i++) {
      float value = random.nextFloat() - 0.5f;
      w[i] = bf16 ? Float.intBitsToFloat(Float.floatToRawIntBits(value) & 0xffff0000) : value;
    }
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextFloat() - 0.5f;
    }
    try (Arena arena = Arena.ofConfined()) {
      int bytes = bf16 ? 2 : 4;
      MemorySegment segment = arena.allocate(lead + (long) bytes * w.length, 64);
      for (int i = 0; i < w.length; i++) {
        if (bf16) {
          short bits = (short) (Float.floatToRawIntBits(w[i]) >>> 16);
          segment.set(ValueLayout.JAVA_SHORT_UNALIGNED, lead + 2L * i, bits);
        } else {
          segment.set(ValueLayout.JAVA_FLOAT_UNALIGNED, lead + 4L * i, w[i]);
        }
      }
      int yStride = rows + 3;
      float[] y = new float[2 + tokens * yStride];
      if (bf16) {
        float[] split = new float[x.length];
        for (int token = 0; token < tokens; token++) {
          ScalarKernels.halves().split(x, token * columns, columns, split, token * columns);
        }
        kernels.multiply(segment, lead, columns, rows, split, columns, tokens, y, 2, yStride);
      } else {
        kernels.multiply(segment, lead, columns, rows, x, columns, tokens, y, 2, yStride);
      }
      for (int token = 0; token < tokens; token++) {
        for (int row = 0; row < rows; row++) {
          double sum = 0;
          double magnitude = 0;
          for (int column = 0; column < columns; column++) {
            double product = (double) w[row * columns + column] * x[token * columns + column];
            sum += product;
            magnitude += Math.abs(product);
          }
          assertEquals(sum, y[2 + token * yStride + row], 1e-6 * magnitude + 1e-12);
        }
      }
      assertEquals(0, y[2 + rows], "nothing is written behind a token's rows");
    }
  }
}
