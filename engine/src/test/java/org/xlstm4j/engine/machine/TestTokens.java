package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.xlstm4j.engine.kernels.ActivationKernels;
import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;
import org.xlstm4j.engine.machine.code.TokenRows;
import org.xlstm4j.engine.machine.code.WeightFormat;

/** Tokens and the forms that kernels read, made by plain loops. */
final class TestTokens {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  final float[][] x;
  final int columns;

  /** Quantized: a value a column of whole blocks, a scale and a sum a block. */
  final int[][] values;

  final float[][] scales;
  final int[][] sums;

  TestTokens(float[]... x) {
    this.x = x;
    columns = x[0].length;
    int blocks = PanelKernels.blocks(columns);
    values = new int[x.length][blocks * PanelKernels.COLUMNS];
    scales = new float[x.length][blocks];
    sums = new int[x.length][blocks];
    ActivationKernels definition = ScalarKernels.activations();
    for (int t = 0; t < x.length; t++) {
      definition.quantize(x[t], 0, columns, values[t], 0, scales[t], sums[t], 0);
    }
  }

  static TestTokens random(int count, int columns) {
    Random random = new Random(31L * count + columns);
    float[][] x = new float[count][columns];
    for (float[] token : x) {
      for (int i = 0; i < columns; i++) {
        token[i] = (float) random.nextGaussian();
      }
    }
    return new TestTokens(x);
  }

  int count() {
    return x.length;
  }

  /** Some of the tokens. */
  TestTokens some(int first, int last) {
    return new TestTokens(Arrays.copyOfRange(x, first, last));
  }

  MemorySegment form(WeightFormat format, Room room) {
    return switch (format) {
      case F32, F16 -> plain(room);
      case BF16 -> split(room);
      case Q8, Q4 -> quantized(room);
    };
  }

  MemorySegment plain(Room room) {
    long stride = TokenRows.stride(columns);
    MemorySegment memory = room.take(count() * stride).fill((byte) 0);
    for (int t = 0; t < count(); t++) {
      for (int i = 0; i < columns; i++) {
        memory.set(FLOAT, t * stride + 4L * i, x[t][i]);
      }
    }
    return memory;
  }

  MemorySegment split(Room room) {
    long stride = TokenRows.stride(columns / 2 + 1);
    MemorySegment memory = room.take(2L * count() * stride).fill((byte) 0);
    for (int t = 0; t < count(); t++) {
      for (int i = 0; i < columns; i++) {
        memory.set(FLOAT, (2 * t + i % 2) * stride + 4L * (i / 2), x[t][i]);
      }
    }
    return memory;
  }

  MemorySegment quantized(Room room) {
    int blocks = scales[0].length;
    MemorySegment memory = room.take((long) blocks * count() * 48);
    for (int block = 0; block < blocks; block++) {
      for (int t = 0; t < count(); t++) {
        long at = 48L * (block * count() + t);
        for (int i = 0; i < 32; i++) {
          memory.set(ValueLayout.JAVA_BYTE, at + i, (byte) values[t][32 * block + i]);
        }
        memory.set(FLOAT, at + 32, scales[t][block]);
        memory.set(INT, at + 36, -sums[t][block]);
        memory.set(INT, at + 40, -128 * sums[t][block]);
        memory.set(FLOAT, at + 44, 0.25f * scales[t][block]);
      }
    }
    return memory;
  }
}
