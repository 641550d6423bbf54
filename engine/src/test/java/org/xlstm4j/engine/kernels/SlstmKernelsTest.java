package org.xlstm4j.engine.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;
import org.xlstm4j.engine.kernels.vector.VectorKernels;
import org.xlstm4j.engine.machine.MachineKernels;

/** The kernels of the sLSTM: recurrent products and the scalar memory. */
class SlstmKernelsTest {
  private static final List<SlstmKernels> ALL =
      MachineKernels.slstm(ScalarKernels.slstm(), VectorKernels.slstm());
  private static final int PANEL = SlstmKernels.PANEL;

  @ParameterizedTest
  @CsvSource({"1,0,1", "2,0,2", "7,1,3", "24,0,3", "65,2,3"})
  void recurrentProducts(int inputs, int first, int last) {
    Random random = new Random(inputs);
    float[] y = random(random, inputs + 3);
    float[] weights = random(random, 3 * inputs * PANEL);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Float.intBitsToFloat(Float.floatToRawIntBits(weights[i]) & 0xffff0000);
    }
    for (SlstmKernels kernels : ALL) {
      try (Arena arena = Arena.ofConfined()) {
        float[] before = random(random, 3 * PANEL + 5);
        MemorySegment plain = arena.allocate(64 + 4L * weights.length, 64);
        MemorySegment.copy(weights, 0, plain, ValueLayout.JAVA_FLOAT, 64, weights.length);
        float[] sums = before.clone();
        kernels.recurrentF32(plain, 64, inputs, first, last, y, 3, sums, 5);
        check(weights, inputs, first, last, y, before, sums);

        sums = before.clone();
        MemorySegment halves = pack(arena, weights);
        kernels.recurrentBf16(halves, 64, inputs, first, last, y, 3, sums, 5);
        check(weights, inputs, first, last, y, before, sums);
      }
    }
  }

  private static MemorySegment pack(Arena arena, float[] weights) {
    MemorySegment halves = arena.allocate(64 + 2L * weights.length, 64);
    for (int i = 0; i < weights.length; i++) {
      int lane = i % PANEL;
      int pair = i / PANEL * (PANEL / 2) + lane / 32 * 16 + lane % 16;
      short upper = (short) (Float.floatToRawIntBits(weights[i]) >>> 16);
      halves.set(ValueLayout.JAVA_SHORT, 64 + 4L * pair + 2L * (lane / 16 % 2), upper);
    }
    return halves;
  }

  private static void check(
      float[] weights, int inputs, int first, int last, float[] y, float[] before, float[] sums) {
    for (int at = 0; at < sums.length; at++) {
      int output = at - 5;
      double expected = before[at];
      if (output >= first * PANEL && output < last * PANEL) {
        expected = 0;
        for (int i = 0; i < inputs; i++) {
          int weight = (output / PANEL * inputs + i) * PANEL + output % PANEL;
          expected += (double) weights[weight] * y[3 + i];
        }
      }
      assertEquals(expected, sums[at], 2e-7 * inputs);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 48})
  void memoryStep(int length) {
    for (SlstmKernels kernels : ALL) {
      Random random = new Random(length);
      int stride = length + 16;
      float[] gates = random(random, 2 + 4 * stride);
      float[] c = random(random, length + 1);
      float[] n = random(random, length + 1);
      float[] m = random(random, length + 1);
      for (int j = 0; j <= length; j++) {
        n[j] = j % 5 == 0 ? 0 : 1 + n[j] * n[j];
      }
      float[] raw = gates.clone();
      float[] before = m.clone();
      kernels.stabilizeGates(gates, 2, stride, n, m, 1, length);
      for (int j = 0; j < length; j++) {
        float kept = raw[2 + stride + j] + before[1 + j];
        float next = n[1 + j] == 0 ? raw[2 + j] : Math.max(raw[2 + j], kept);
        assertEquals(next, m[1 + j]);
        assertEquals(raw[2 + j] - next, gates[2 + j]);
        assertEquals(kept - next, gates[2 + stride + j]);
      }
      for (int j = 0; j < 2 * stride; j++) {
        gates[2 + j] = (float) Math.exp(gates[2 + j]);
      }
      float[] oldC = c.clone();
      float[] oldN = n.clone();
      kernels.scalarMemoryStep(gates, 2, stride, c, n, 1, length);
      for (int j = 0; j < length; j++) {
        double input = Math.min(1, gates[2 + j]);
        double forget = Math.min(1, gates[2 + stride + j]);
        double memory = forget * oldC[1 + j] + input * raw[2 + 2 * stride + j];
        double normalizer = forget * oldN[1 + j] + input;
        assertEquals(memory, c[1 + j], 2e-7);
        assertEquals(normalizer, n[1 + j], 2e-7 * normalizer);
        double expected = raw[2 + 3 * stride + j] * memory / normalizer;
        assertEquals(
            expected, gates[2 + 3 * stride + j], 1e-6 * Math.max(1, Math.abs(1 / normalizer)));
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
