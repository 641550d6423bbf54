package org.xlstm4j.engine.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellKernelsTest {
  @ParameterizedTest
  @CsvSource({
    "1,1,0,1",
    "3,5,1,4",
    "4,16,0,16",
    "8,16,0,16",
    "5,40,16,40",
    "24,40,0,40",
    "7,33,16,33",
    "16,64,16,48",
    "32,600,0,600"
  })
  void matrixMemoryStep(int keyWidth, int valueWidth, int first, int last) {
    Random random = new Random(keyWidth);
    float[] memory = random(random, keyWidth * valueWidth);
    float[] key = random(random, keyWidth + 2);
    float[] query = random(random, keyWidth + 1);
    float[] value = random(random, valueWidth + 3);
    for (CellKernels kernels :
        new CellKernels[] {new ScalarCellKernels(), new VectorCellKernels()}) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment segment = arena.allocate(64 + 4L * memory.length, 64);
        MemorySegment.copy(memory, 0, segment, ValueLayout.JAVA_FLOAT, 64, memory.length);
        float[] h = random(random, valueWidth + 4);
        float[] before = h.clone();
        kernels.matrixMemoryStep(
            segment,
            64,
            keyWidth,
            valueWidth,
            first,
            last,
            0.75f,
            key,
            2,
            query,
            1,
            value,
            3,
            0.5f,
            h,
            4);
        for (int b = 0; b < valueWidth; b++) {
          double sum = 0;
          for (int a = 0; a < keyWidth; a++) {
            boolean inside = b >= first && b < last;
            double c = memory[a * valueWidth + b];
            double expected = inside ? 0.75 * c + (double) key[2 + a] * value[3 + b] : c;
            float actual =
                segment.get(ValueLayout.JAVA_FLOAT, 64 + 4L * ((long) a * valueWidth + b));
            assertEquals(expected, actual, 3e-7);
            sum += query[1 + a] * expected;
          }
          double expected = b >= first && b < last ? 0.5 * sum : before[4 + b];
          assertEquals(expected, h[4 + b], 1e-6 * keyWidth);
        }
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
