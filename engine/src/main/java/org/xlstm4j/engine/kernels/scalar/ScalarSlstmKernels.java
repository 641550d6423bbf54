package org.xlstm4j.engine.kernels.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.xlstm4j.engine.kernels.Bfloat16;
import org.xlstm4j.engine.kernels.FusedMultiplyAdd;
import org.xlstm4j.engine.kernels.LaneSums;
import org.xlstm4j.engine.kernels.SlstmKernels;

/** The specification of {@link SlstmKernels}, and its stand-in while the JVM is cold. */
final class ScalarSlstmKernels implements SlstmKernels {
  private static final int HALF = PANEL / 2;

  /** Whether even inputs and odd ones have sums of their own, as where a panel is few vectors. */
  private static final boolean TWO_SUMS = LaneSums.LANES >= 16;

  private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

  /** What belongs to a thread. */
  private static final class Scratch {
    /**
     * The weights of an input, copied: a JVM that has not compiled much reads memory segments at a
     * tenth of the speed of arrays.
     */
    final float[] weights = new float[PANEL];

    /** Sums of odd inputs. */
    final float[] odd = new float[PANEL];
  }

  @Override
  public void recurrentF32(
      MemorySegment weights,
      long byteOffset,
      int inputs,
      int firstPanel,
      int lastPanel,
      float[] y,
      int yOffset,
      float[] sums,
      int sumsOffset) {
    Scratch local = scratch.get();
    for (int panel = firstPanel; panel < lastPanel; panel++) {
      int to = sumsOffset + panel * PANEL;
      begin(local, sums, to);
      for (int i = 0; i < inputs; i++) {
        long at = byteOffset + (long) Float.BYTES * PANEL * ((long) panel * inputs + i);
        MemorySegment.copy(weights, ValueLayout.JAVA_FLOAT, at, local.weights, 0, PANEL);
        add(local, i, y[yOffset + i], sums, to);
      }
      end(local, sums, to);
    }
  }

  @Override
  public void recurrentBf16(
      MemorySegment weights,
      long byteOffset,
      int inputs,
      int firstPanel,
      int lastPanel,
      float[] y,
      int yOffset,
      float[] sums,
      int sumsOffset) {
    Scratch local = scratch.get();
    for (int panel = firstPanel; panel < lastPanel; panel++) {
      int to = sumsOffset + panel * PANEL;
      begin(local, sums, to);
      for (int i = 0; i < inputs; i++) {
        long at = byteOffset + (long) Short.BYTES * PANEL * ((long) panel * inputs + i);
        readBf16(weights, at, local.weights);
        add(local, i, y[yOffset + i], sums, to);
      }
      end(local, sums, to);
    }
  }

  /** The weights of an input, of which no pair is read after a weight took its place. */
  private static void readBf16(MemorySegment weights, long byteOffset, float[] target) {
    // pairs travel as floats: a copy never changes their bits
    MemorySegment.copy(weights, ValueLayout.JAVA_FLOAT, byteOffset, target, HALF, HALF);
    for (int k = 0; k < HALF; k++) {
      int pair = Float.floatToRawIntBits(target[HALF + k]);
      int output = k / 16 * 32 + k % 16;
      target[output] = Float.intBitsToFloat(pair << 16);
      target[output + 16] = Float.intBitsToFloat(pair & Bfloat16.HIGH_HALF);
    }
  }

  private static void begin(Scratch local, float[] sums, int to) {
    Arrays.fill(sums, to, to + PANEL, 0);
    Arrays.fill(local.odd, 0);
  }

  /** Adds what an input is multiplied into. */
  private static void add(Scratch local, int input, float factor, float[] sums, int to) {
    if (TWO_SUMS && (input & 1) != 0) {
      FusedMultiplyAdd.add(factor, local.weights, 0, PANEL, local.odd, 0);
    } else {
      FusedMultiplyAdd.add(factor, local.weights, 0, PANEL, sums, to);
    }
  }

  private static void end(Scratch local, float[] sums, int to) {
    if (TWO_SUMS) {
      for (int j = 0; j < PANEL; j++) {
        sums[to + j] += local.odd[j];
      }
    }
  }

  @Override
  public void stabilizeGates(
      float[] gates,
      int offset,
      int stride,
      float[] normalizer,
      float[] stabilizer,
      int at,
      int length) {
    for (int j = 0; j < length; j++) {
      float input = gates[offset + j];
      float kept = gates[offset + stride + j] + stabilizer[at + j];
      float next = normalizer[at + j] == 0 ? input : Math.max(input, kept);
      gates[offset + j] = input - next;
      gates[offset + stride + j] = kept - next;
      stabilizer[at + j] = next;
    }
  }

  @Override
  public void scalarMemoryStep(
      float[] gates, int offset, int stride, float[] cell, float[] normalizer, int at, int length) {
    for (int j = 0; j < length; j++) {
      float input = Math.min(gates[offset + j], 1);
      float forget = Math.min(gates[offset + stride + j], 1);
      float brought = input * gates[offset + 2 * stride + j];
      float c = FusedMultiplyAdd.of(cell[at + j], forget, brought);
      float n = FusedMultiplyAdd.of(normalizer[at + j], forget, input);
      cell[at + j] = c;
      normalizer[at + j] = n;
      int output = offset + 3 * stride + j;
      gates[output] = gates[output] * c / n;
    }
  }
}
