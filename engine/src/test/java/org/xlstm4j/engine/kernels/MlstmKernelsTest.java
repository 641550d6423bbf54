package org.xlstm4j.engine.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;
import org.xlstm4j.engine.kernels.vector.VectorKernels;
import org.xlstm4j.engine.machine.MachineKernels;
import org.xlstm4j.engine.machine.MachineMlstmKernels;
import org.xlstm4j.engine.tokens.Columns;

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
    "33,48,32,48,2",
    "9,600,0,600,2",
    "32,600,0,600,1"
  })
  void matrixMemoryStep(int keyWidth, int valueWidth, int first, int last, int tokens) {
    Random random = new Random(keyWidth);
    float[] memory = random(random, keyWidth * valueWidth);
    // the second of three heads; columns of others before and behind
    int head = 1;
    int valueStride = 3 * valueWidth + 3;
    int hStride = 3 * valueWidth + 1;
    float[] value = random(random, 3 + tokens * valueStride);
    float[] h = random(random, 4 + tokens * hStride);
    float[] decay = {0.75f, 0.5f, 1, 0.25f};
    float[] scale = {0.5f, 2, 1, 0.75f};
    for (MlstmKernels kernels : kernels(valueWidth)) {
      float[] results = h.clone();
      MlstmTokens operands = new MlstmTokens();
      operands.begin(
          tokens,
          3,
          keyWidth,
          new Columns(value, 3, valueStride),
          valueWidth,
          new Columns(results, 4, hStride));
      fill(random, operands.keys());
      fill(random, operands.queries());
      for (int t = 0; t < tokens; t++) {
        operands.setGates(head, t, decay[t], scale[t]);
      }
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment segment = arena.allocate(64 + 4L * memory.length, 64);
        MemorySegment.copy(memory, 0, segment, ValueLayout.JAVA_FLOAT, 64, memory.length);
        kernels.matrixMemoryStep(operands, head, segment, 64, first, last);
        double[] expected = new double[results.length];
        for (int i = 0; i < expected.length; i++) {
          expected[i] = h[i];
        }
        for (int b = 0; b < valueWidth; b++) {
          boolean inside = b >= first && b < last;
          double[] sum = new double[tokens];
          for (int a = 0; a < keyWidth; a++) {
            double c = memory[a * valueWidth + b];
            for (int t = 0; inside && t < tokens; t++) {
              int at = operands.keyAt(head, t) + a;
              float brought = value[3 + t * valueStride + head * valueWidth + b];
              c = decay[t] * c + (double) operands.keys()[at] * brought;
              sum[t] += operands.queries()[at] * c;
            }
            float actual =
                segment.get(ValueLayout.JAVA_FLOAT, 64 + 4L * ((long) a * valueWidth + b));
            assertEquals(c, actual, 3e-7 * tokens);
          }
          for (int t = 0; inside && t < tokens; t++) {
            expected[4 + t * hStride + head * valueWidth + b] = scale[t] * sum[t];
          }
        }
        for (int i = 0; i < expected.length; i++) {
          assertEquals(expected[i], results[i], 2e-6 * keyWidth);
        }
      }
    }
  }

  private static List<MlstmKernels> kernels(int valueWidth) {
    MlstmKernels scalar = ScalarKernels.mlstm();
    MlstmKernels vector = VectorKernels.mlstm();
    boolean fits = valueWidth % MachineMlstmKernels.COLUMNS == 0;
    return fits ? MachineKernels.mlstm(scalar, vector) : List.of(scalar, vector);
  }

  private static float[] random(Random random, int length) {
    float[] values = new float[length];
    fill(random, values);
    return values;
  }

  private static void fill(Random random, float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
  }
}
