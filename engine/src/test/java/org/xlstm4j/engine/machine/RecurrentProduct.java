package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.xlstm4j.engine.kernels.SlstmKernels;

/** Recurrent products of one head of an sLSTM: by a kernel, and in doubles. */
final class RecurrentProduct {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final int PANEL = SlstmKernels.PANEL;

  /** Of the sum of all terms' magnitudes: a few units in the last place. */
  private static final double ROUNDING = 0x1p-21;

  private final int inputs;
  private final int panels;
  private final boolean halves;

  /** {@code [panel][input][64]}. */
  private final float[] weights;

  private final float[] y;

  private RecurrentProduct(int inputs, int panels, boolean halves) {
    this.inputs = inputs;
    this.panels = panels;
    this.halves = halves;
    Random random = new Random(31L * inputs + panels);
    weights = new float[panels * inputs * PANEL];
    for (int i = 0; i < weights.length; i++) {
      int bits = Float.floatToRawIntBits((float) random.nextGaussian());
      weights[i] = Float.intBitsToFloat(halves ? bits & 0xffff0000 : bits);
    }
    y = new float[inputs];
    for (int i = 0; i < inputs; i++) {
      y[i] = (float) random.nextGaussian();
    }
  }

  static RecurrentProduct random(int inputs, int panels, boolean halves) {
    return new RecurrentProduct(inputs, panels, halves);
  }

  /**
   * Multiplies by calls of a kernel.
   *
   * @param room for the operands
   * @param cuts panels at which calls end, besides the last one
   */
  float[] multiply(Execution execution, Room room, int... cuts) {
    MemorySegment stored = halves ? pairs(room) : put(room, weights);
    MemorySegment previous = put(room, y);
    MemorySegment sums = room.take(4L * panels * PANEL);
    sums.fill((byte) 0x55);
    int first = 0;
    for (int call = 0; call <= cuts.length; call++) {
      int last = call < cuts.length ? cuts[call] : panels;
      long panelBytes = stored.byteSize() / panels;
      MemorySegment some = stored.asSlice(first * panelBytes, (last - first) * panelBytes);
      MemorySegment results = sums.asSlice(4L * first * PANEL, 4L * (last - first) * PANEL);
      execution.callArrays(
          execution.slstm(halves ? 1 : 0),
          List.of(some, previous),
          List.of(results),
          List.of(some, previous, results),
          inputs,
          last - first);
      first = last;
    }
    return sums.toArray(FLOAT);
  }

  static MemorySegment put(Room room, float[] numbers) {
    MemorySegment memory = room.take(4L * numbers.length);
    MemorySegment.copy(numbers, 0, memory, FLOAT, 0, numbers.length);
    return memory;
  }

  private MemorySegment pairs(Room room) {
    MemorySegment memory = room.take(2L * weights.length);
    for (int i = 0; i < weights.length; i++) {
      int lane = i % PANEL;
      int pair = i / PANEL * (PANEL / 2) + lane / 32 * 16 + lane % 16;
      short upper = (short) (Float.floatToRawIntBits(weights[i]) >>> 16);
      long at = 4L * pair + 2L * (lane / 16 % 2);
      memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, upper);
    }
    return memory;
  }

  void check(float[] sums) {
    for (int output = 0; output < panels * PANEL; output++) {
      double expected = 0;
      double magnitude = 0;
      for (int i = 0; i < inputs; i++) {
        int at = (output / PANEL * inputs + i) * PANEL + output % PANEL;
        double product = (double) weights[at] * y[i];
        expected += product;
        magnitude += Math.abs(product);
      }
      assertEquals(expected, sums[output], ROUNDING * magnitude, "output " + output);
    }
  }
}
