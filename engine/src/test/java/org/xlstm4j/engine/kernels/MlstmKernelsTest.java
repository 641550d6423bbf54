package org.xlstm4j.engine.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MlstmKernelsTest {
  @ParameterizedTest
  @CsvSource({
    "1,1,0,1,1",
    "3,5,1,4,3",
    "4,16,0,16,1",
    "8,16,0,16,2",
    "5,40,16,40,3",
    "24,40,0,40,4",
    "7,33,16,33,1",
    "16,64,16,48,3",
    "9,600,0,600,2",
    "32,600,0,600,1"
  })
  void matrixMemoryStep(int keyWidth, int valueWidth, int first, int last, int tokens) {
    Random random = new Random(keyWidth);
    float[] memory = random(random, keyWidth * valueWidth);
    int keyStride = keyWidth + 2;
    int valueStride = valueWidth + 3;
    int hStride = valueWidth + 1;
    float[] key = random(random, 2 + tokens * keyStride);
    float[] query = random(random, 2 + tokens * keyStride);
    float[] value = random(random, 3 + tokens * valueStride);
    float[] decay = {0, 0.75f, 0.5f, 1, 0.25f};
    float[] scale = {0, 0.5f, 2, 1, 0.75f};
    for (MlstmKernels kernels :
        new MlstmKernels[] {new ScalarMlstmKernels(), new VectorMlstmKernels()}) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment segment = arena.allocate(64 + 4L * memory.length, 64);
        MemorySegment.copy(memory, 0, segment, ValueLayout.JAVA_FLOAT, 64, memory.length);
        float[] h = random(random, 4 + tokens * hStride);
        float[] before = h.clone();
        kernels.matrixMemoryStep(
            segment,
            64,
            keyWidth,
            valueWidth,
            first,
            last,
            tokens,
            decay,
            scale,
            1,
            key,
            query,
            2,
            keyStride,
            value,
            3,
            valueStride,
            h,
            4,
            hStride);
        for (int b = 0; b < valueWidth; b++) {
          boolean inside = b >= first && b < last;
          double[] sum = new double[tokens];
          for (int a = 0; a < keyWidth; a++) {
            double c = memory[a * valueWidth + b];
            for (int t = 0; inside && t < tokens; t++) {
              int at = 2 + t * keyStride + a;
              c = decay[1 + t] * c + (double) key[at] * value[3 + t * valueStride + b];
              sum[t] += query[at] * c;
            }
            float actual =
                segment.get(ValueLayout.JAVA_FLOAT, 64 + 4L * ((long) a * valueWidth + b));
            assertEquals(c, actual, 3e-7 * tokens);
          }
          for (int t = 0; t < tokens; t++) {
            int at = 4 + t * hStride + b;
            double expected = inside ? scale[1 + t] * sum[t] : before[at];
            assertEquals(expected, h[at], 2e-6 * keyWidth);
          }
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
