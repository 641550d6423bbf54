package org.xlstm4j.engine.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;
import org.xlstm4j.engine.kernels.vector.VectorKernels;
import org.xlstm4j.engine.machine.MachineKernels;

class HalfKernelsTest {
  private static final List<HalfKernels> ALL = all();

  private static List<HalfKernels> all() {
    List<HalfKernels> all =
        new ArrayList<>(List.of(ScalarKernels.halves(), VectorKernels.halves()));
    all.addAll(MachineKernels.halves());
    return all;
  }

  @Test
  void splitPutsEvensFirst() {
    for (HalfKernels kernels : ALL) {
      for (int columns = 1; columns < 70; columns++) {
        float[] x = new float[columns + 3];
        for (int i = 0; i < columns; i++) {
          x[3 + i] = i;
        }
        float[] target = new float[columns + 2];
        kernels.split(x, 3, columns, target, 2);
        int half = columns / 2;
        for (int i = 0; i < half; i++) {
          assertEquals(2 * i, target[2 + i]);
          assertEquals(2 * i + 1, target[2 + half + i]);
        }
        if (columns % 2 == 1) {
          assertEquals(columns - 1, target[1 + columns]);
        }
      }
    }
  }

  @Test
  void everySixteenBitValueIsWidened() {
    int count = 1 << 16;
    MemorySegment all = Arena.ofAuto().allocate(2L * count + 2, 64);
    for (int i = 0; i < count; i++) {
      all.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i + 2, (short) i);
    }
    for (HalfKernels kernels : ALL) {
      float[] bf16 = new float[count];
      float[] f16 = new float[count];
      for (int first = 0; first < count; first += 61) {
        int length = Math.min(61, count - first);
        kernels.widenBf16(all, 2L * first + 2, length, bf16, first);
        kernels.widenF16(all, 2L * first + 2, length, f16, first);
      }
      for (int i = 0; i < count; i++) {
        assertEquals(i << 16, Float.floatToRawIntBits(bf16[i]));
        float expected = Float.float16ToFloat((short) i);
        if (Float.isNaN(expected)) {
          assertTrue(Float.isNaN(f16[i]));
        } else {
          assertEquals(Float.floatToRawIntBits(expected), Float.floatToRawIntBits(f16[i]));
        }
      }
    }
  }
}
