package org.xlstm4j.engine.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeKernelsTest {
  private static final ProbeKernels[] KERNELS = {
    new ScalarProbeKernels(), new VectorProbeKernels()
  };

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void everyByteOfTheRangeIsReadAndWrittenAndNoOther(int multiples) {
    int margin = 64;
    int range = multiples * ProbeKernels.MULTIPLE;
    for (ProbeKernels kernels : KERNELS) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment memory = arena.allocate(range + 2L * margin, 64);
        int count = (range + 2 * margin) / Float.BYTES;
        double sum = 0;
        for (int i = 0; i < count; i++) {
          memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, i % 97);
          boolean inside = i >= margin / Float.BYTES && i < (margin + range) / Float.BYTES;
          sum += inside ? i % 97 : 0;
        }
        assertEquals(sum, kernels.read(memory, margin, margin + range), 1e-6 * sum);
        kernels.update(memory, margin, margin + range, 0.5f);
        for (int i = 0; i < count; i++) {
          boolean inside = i >= margin / Float.BYTES && i < (margin + range) / Float.BYTES;
          float expected = inside ? 0.5f * (i % 97) + 0.5f : i % 97;
          assertEquals(expected, memory.getAtIndex(ValueLayout.JAVA_FLOAT, i));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 50})
  void everyRoundIsCounted(int rounds) {
    double sum = 0;
    for (int round = 0; round < rounds; round++) {
      sum = 0.5 * sum + 0.5;
    }
    for (ProbeKernels kernels : KERNELS) {
      double expected = sum * ProbeKernels.SUMS * kernels.lanes();
      assertEquals(expected, kernels.multiplyAdd(0.5f, rounds), 1e-6 * expected);
    }
  }
}
