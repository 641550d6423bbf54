package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.xlstm4j.engine.kernels.SlstmKernels;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;

/** Some channels of an sLSTM on their way through a step: by kernels, and as it is specified. */
final class ScalarMemoryStep {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final SlstmKernels SPECIFICATION = ScalarKernels.slstm();
  private static final double ROUNDING = 0x1p-21;

  private final int channels;
  private final int stride;
  private final float[] gates;
  private final float[] cell;
  private final float[] normalizer;
  private final float[] stabilizer;

  /** Gaps between gates are what a kernel must not touch. */
  private ScalarMemoryStep(int channels, int gap) {
    this.channels = channels;
    this.stride = channels + gap;
    Random random = new Random(channels);
    gates = random(random, 3 * stride + channels);
    cell = random(random, channels);
    normalizer = random(random, channels);
    stabilizer = random(random, channels);
    float[] edges = {0, Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE};
    for (int channel = 0; channel < channels; channel++) {
      boolean edge = channel % 3 == 0;
      normalizer[channel] = edge ? edges[channel / 3 % 4] : Math.abs(normalizer[channel]);
    }
  }

  static ScalarMemoryStep random(int channels, int gap) {
    return new ScalarMemoryStep(channels, gap);
  }

  private static float[] random(Random random, int length) {
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  /** Stabilizes the gates, which every kernel does to the bit. */
  void checkStabilizing(Execution execution, Room room) {
    MemorySegment foundGates = RecurrentProduct.put(room, gates);
    MemorySegment n = RecurrentProduct.put(room, normalizer);
    MemorySegment m = RecurrentProduct.put(room, stabilizer);
    List<MemorySegment> writable = rows(foundGates, 2);
    writable.add(m);
    call(execution, 2, List.of(n), writable, List.of(foundGates, n, m));

    float[] wantedGates = gates.clone();
    float[] wanted = stabilizer.clone();
    SPECIFICATION.stabilizeGates(wantedGates, 0, stride, normalizer, wanted, 0, channels);
    assertArrayEquals(wantedGates, foundGates.toArray(FLOAT), "gates");
    assertArrayEquals(wanted, m.toArray(FLOAT), "m");
    assertArrayEquals(normalizer, n.toArray(FLOAT), "n");
  }

  /** Steps the memory with the gates as they are, some of them above 1. */
  void checkStep(Execution execution, Room room) {
    float[] open = gates.clone();
    for (int i = 0; i < stride + channels; i++) {
      open[i] = 0.01f + Math.abs(open[i]);
    }
    MemorySegment foundGates = RecurrentProduct.put(room, open);
    MemorySegment c = RecurrentProduct.put(room, cell);
    MemorySegment n = RecurrentProduct.put(room, normalizer);
    List<MemorySegment> all = rows(foundGates, 4);
    List<MemorySegment> writable = new ArrayList<>(List.of(c, n, all.removeLast()));
    call(execution, 3, all, writable, List.of(foundGates, c, n));

    float[] wantedGates = open.clone();
    float[] wantedCell = cell.clone();
    float[] wantedNormalizer = normalizer.clone();
    SPECIFICATION.scalarMemoryStep(
        wantedGates, 0, stride, wantedCell, wantedNormalizer, 0, channels);
    float[] found = foundGates.toArray(FLOAT);
    for (int at = 0; at < found.length; at++) {
      int channel = at - 3 * stride;
      double magnitude = channel < 0 ? 0 : magnitude(open, channel);
      double ratio = channel < 0 ? 0 : open[at] * magnitude / wantedNormalizer[channel];
      assertEquals(wantedGates[at], found[at], ROUNDING * Math.abs(ratio), "gate at " + at);
    }
    for (int channel = 0; channel < channels; channel++) {
      double wanted = wantedCell[channel];
      double rounding = ROUNDING * magnitude(open, channel);
      assertEquals(wanted, c.getAtIndex(FLOAT, channel), rounding, "c at " + channel);
      wanted = wantedNormalizer[channel];
      assertEquals(wanted, n.getAtIndex(FLOAT, channel), ROUNDING * wanted, "n at " + channel);
    }
  }

  /** Of the terms of c. */
  private double magnitude(float[] open, int channel) {
    double kept = Math.min(1, open[stride + channel]) * Math.abs(cell[channel]);
    return kept + Math.min(1, open[channel]) * Math.abs(open[2 * stride + channel]);
  }

  private void call(
      Execution execution,
      int kernel,
      List<MemorySegment> readOnly,
      List<MemorySegment> writable,
      List<MemorySegment> operands) {
    execution.callArrays(
        execution.slstm(kernel), readOnly, writable, operands, channels, 4L * stride);
  }

  private List<MemorySegment> rows(MemorySegment memory, int count) {
    List<MemorySegment> rows = new ArrayList<>();
    for (int gate = 0; gate < count; gate++) {
      rows.add(memory.asSlice(4L * gate * stride, 4L * channels));
    }
    return rows;
  }
}
