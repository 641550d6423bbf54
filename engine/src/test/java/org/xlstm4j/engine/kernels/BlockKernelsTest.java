package org.xlstm4j.engine.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;
import org.xlstm4j.engine.kernels.vector.VectorKernels;
import org.xlstm4j.engine.machine.MachineKernels;

class BlockKernelsTest {
  @ParameterizedTest
  @CsvSource({
    "1,1", "1,37", "2,9", "3,7", "4,1", "4,2", "4,3", "4,5", "4,33", "8,3", "16,3", "24,2", "32,3",
    "80,2"
  })
  void blocksAgreeWithDoubleSums(int size, int blocks) {
    Random random = new Random(size);
    int length = size * blocks;
    float[] w = random(random, size * length);
    float[] x = random(random, length + 3);
    for (BlockKernels kernels :
        MachineKernels.blocks(ScalarKernels.blocks(), VectorKernels.blocks())) {
      float[] before = random(random, length + 7);
      float[] y = before.clone();
      kernels.blocks(w, size, x, 3, length, y, 5);
      for (int at = 0; at < y.length; at++) {
        int o = at - 5;
        double expected = before[at];
        if (o >= 0 && o < length) {
          expected = 0;
          for (int d = 0; d < size; d++) {
            expected += (double) w[d * length + o] * x[3 + o / size * size + d];
          }
        }
        assertEquals(expected, y[at], 2e-7 * size);
      }
    }
  }

  private static float[] random(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return values;
  }
}
