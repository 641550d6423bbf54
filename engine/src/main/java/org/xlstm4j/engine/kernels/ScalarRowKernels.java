package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The specification of {@link RowKernels}, and its stand-in while the JVM is cold. */
public final class ScalarRowKernels implements RowKernels {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  /** Reads of a memory segment are slow in a cold JVM: a piece of a row is copied out first. */
  private static final int PIECE = 512;

  private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

  private static final class Scratch {
    final float[] floats = new float[PIECE];
    final short[] shorts = new short[PIECE];
  }

  @Override
  public void f32(
      MemorySegment weights,
      long byteOffset,
      int columns,
      int rows,
      float[] x,
      int xStride,
      int tokens,
      float[] y,
      int yOffset,
      int yStride) {
    Scratch local = scratch.get();
    for (int row = 0; row < rows; row++) {
      for (int token = 0; token < tokens; token++) {
        y[yOffset + token * yStride + row] = 0;
      }
      for (int first = 0; first < columns; first += PIECE) {
        int length = Math.min(PIECE, columns - first);
        long from = byteOffset + Float.BYTES * ((long) row * columns + first);
        MemorySegment.copy(weights, FLOAT, from, local.floats, 0, length);
        for (int token = 0; token < tokens; token++) {
          y[yOffset + token * yStride + row] +=
              dot(local.floats, 0, x, token * xStride + first, length);
        }
      }
    }
  }

  @Override
  public void bf16(
      MemorySegment weights,
      long byteOffset,
      int columns,
      int rows,
      float[] x,
      int xStride,
      int tokens,
      float[] y,
      int yOffset,
      int yStride) {
    Scratch local = scratch.get();
    int half = columns >> 1;
    for (int row = 0; row < rows; row++) {
      for (int token = 0; token < tokens; token++) {
        y[yOffset + token * yStride + row] = 0;
      }
      for (int first = 0; first < columns; first += PIECE) {
        int length = Math.min(PIECE, columns - first);
        long from = byteOffset + Short.BYTES * ((long) row * columns + first);
        MemorySegment.copy(weights, SHORT, from, local.shorts, 0, length);
        int pairs = length >> 1;
        for (int i = 0; i < pairs; i++) {
          local.floats[i] = Float.intBitsToFloat(local.shorts[2 * i] << 16);
          local.floats[pairs + i] = Float.intBitsToFloat(local.shorts[2 * i + 1] << 16);
        }
        for (int token = 0; token < tokens; token++) {
          int evens = token * xStride + (first >> 1);
          float sum =
              dot(local.floats, 0, x, evens, pairs)
                  + dot(local.floats, pairs, x, evens + half, pairs);
          if ((length & 1) != 0) {
            sum +=
                Float.intBitsToFloat(local.shorts[length - 1] << 16)
                    * x[token * xStride + columns - 1];
          }
          y[yOffset + token * yStride + row] += sum;
        }
      }
    }
  }

  /** Four partial sums, so that an addition need not wait for the one before it. */
  private static float dot(float[] a, int aOffset, float[] b, int bOffset, int length) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int i = 0;
    for (; i <= length - 4; i += 4) {
      sum0 += a[aOffset + i] * b[bOffset + i];
      sum1 += a[aOffset + i + 1] * b[bOffset + i + 1];
      sum2 += a[aOffset + i + 2] * b[bOffset + i + 2];
      sum3 += a[aOffset + i + 3] * b[bOffset + i + 3];
    }
    float sum = (sum0 + sum1) + (sum2 + sum3);
    for (; i < length; i++) {
      sum += a[aOffset + i] * b[bOffset + i];
    }
    return sum;
  }
}
