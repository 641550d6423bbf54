package org.xlstm4j.engine.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;
import org.xlstm4j.engine.kernels.vector.VectorKernels;
import org.xlstm4j.engine.machine.Machine;

class ProbeKernelsTest {
  private static final ProbeKernels[] KERNELS = {ScalarKernels.probes(), VectorKernels.probes()};
  private static final int MARGIN = 64;

  private static boolean inside(int index, int range) {
    return index >= MARGIN / Float.BYTES && index < (MARGIN + range) / Float.BYTES;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void everyByteOfTheRangeIsReadOnce(int multiples) {
    int range = multiples * ProbeKernels.MULTIPLE;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(range + 2L * MARGIN, 64);
      double sum = 0;
      for (int i = 0; i < memory.byteSize() / Float.BYTES; i++) {
        memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, i % 97);
        sum += inside(i, range) ? i % 97 : 0;
      }
      for (ProbeKernels kernels : KERNELS) {
        for (ProbeKernels.MemoryLoop read : kernels.reads()) {
          assertEquals(sum, read.run(memory, MARGIN, MARGIN + range), 1e-6 * sum);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void everyByteOfTheRangeIsWrittenOnceAndNoOther(int multiples) {
    int range = multiples * ProbeKernels.MULTIPLE;
    List<ProbeKernels> all = new ArrayList<>(List.of(KERNELS));
    Machine.ofProcess().probes().ifPresent(all::add);
    for (ProbeKernels kernels : all) {
      for (ProbeKernels.MemoryLoop update : kernels.updates()) {
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment memory = arena.allocate(range + 2L * MARGIN, 64);
          int count = (int) (memory.byteSize() / Float.BYTES);
          for (int i = 0; i < count; i++) {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, i % 97);
          }
          update.run(memory, MARGIN, MARGIN + range);
          for (int i = 0; i < count; i++) {
            float expected = inside(i, range) ? 0.5f * (i % 97) + 0.5f : i % 97;
            assertEquals(expected, memory.getAtIndex(ValueLayout.JAVA_FLOAT, i));
          }
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
      for (ProbeKernels.ArithmeticLoop arithmetic : kernels.multiplyAdds()) {
        double expected = sum * arithmetic.products();
        assertEquals(expected, arithmetic.loop().run(0.5f, rounds), 1e-6 * expected);
      }
      for (ProbeKernels.ArithmeticLoop arithmetic : kernels.integerMultiplyAdds()) {
        assertEquals(rounds * arithmetic.products(), arithmetic.loop().run(1, rounds));
      }
    }
  }
}
