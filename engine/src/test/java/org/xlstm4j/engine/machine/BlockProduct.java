package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A token times block-diagonal weights: by a kernel, and in doubles. */
final class BlockProduct {
  /** More outputs than there are. */
  static final int AT_ONCE = 1 << 20;

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Of the sum of all terms' magnitudes: a few units in the last place. */
  private static final double ROUNDING = 0x1p-21;

  private final int size;
  private final int length;

  /** {@code [size][length]}. */
  private final float[] weights;

  private final float[] x;

  private BlockProduct(int size, int blocks) {
    this.size = size;
    this.length = size * blocks;
    Random random = new Random(31L * size + blocks);
    weights = new float[size * length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = (float) random.nextGaussian();
    }
  }

  static BlockProduct random(int size, int blocks) {
    return new BlockProduct(size, blocks);
  }

  /**
   * Multiplies by calls of a kernel: that for blocks of four, or that for whole vectors.
   *
   * @param room for the operands
   * @param step most outputs of a call
   */
  float[] multiply(Execution execution, Room room, int step) {
    MemorySegment w = RecurrentProduct.put(room, weights);
    MemorySegment inputs = RecurrentProduct.put(room, x);
    MemorySegment outputs = room.take(4L * length);
    boolean fours = size == 4;
    int independent = fours ? length : size;
    for (int block = 0; block < length; block += independent) {
      for (int first = block; first < block + independent; first += step) {
        int count = Math.min(step, block + independent - first);
        MemorySegment own =
            fours ? inputs.asSlice(4L * first, 4L * count) : inputs.asSlice(4L * block, 4L * size);
        MemorySegment results = outputs.asSlice(4L * first, 4L * count);
        List<MemorySegment> readOnly = new ArrayList<>(List.of(own));
        for (int input = 0; input < size; input++) {
          readOnly.add(w.asSlice(4L * (input * length + first), 4L * count));
        }
        execution.callArrays(
            execution.blocks(MachineBlockKernels.listingFor(execution.code(), size)),
            readOnly,
            List.of(results),
            List.of(w.asSlice(4L * first), own, results),
            count,
            fours ? 4L * length : ArrayRows.halves(length, size));
      }
    }
    return outputs.toArray(FLOAT);
  }

  void check(float[] y) {
    for (int output = 0; output < length; output++) {
      double expected = 0;
      double magnitude = 0;
      for (int input = 0; input < size; input++) {
        double product =
            weights[input * length + output] * (double) x[output / size * size + input];
        expected += product;
        magnitude += Math.abs(product);
      }
      assertEquals(expected, y[output], ROUNDING * magnitude, "output " + output);
    }
  }
}
