package org.xlstm4j.engine.cells;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.kernels.Bfloat16;
import org.xlstm4j.engine.kernels.SlstmKernels;
import org.xlstm4j.engine.kernels.dispatch.Kernels;
import org.xlstm4j.engine.weights.Matrix;

/**
 * The recurrent weights R of an {@link SlstmCell}: for each head and each of the gates i, f, z, o a
 * matrix from the head's previous output to that gate. Kept in panels of 64 outputs, input after
 * input, so that vector lanes are outputs and a step reads memory straight on. A head's outputs are
 * {@code [gate][channel]} with the channels padded to {@link #channels()}.
 *
 * <p>Weights stored as bfloat16 stay so, which halves the cache they take; all others are kept as
 * 32-bit floats. Immutable and thread-safe.
 */
final class RecurrentWeights {
  static final int GATES = 4;

  /** Channels are padded to whole vectors of the largest width, so kernels have no remainders. */
  private static final int PADDING = 16;

  private final int heads;
  private final int headWidth;
  private final int channels;
  private final WeightType type;
  private final MemorySegment panels;

  /**
   * Repacks stored weights in either of the layouts of {@link SlstmCell}.
   *
   * @param stored the weights
   * @param heads number of heads, at least 1
   * @param rounded whether to keep them as bfloat16 in any case
   */
  RecurrentWeights(Matrix stored, int heads, boolean rounded) {
    this.heads = heads;
    boolean rowsAreInputs =
        stored.columns() % GATES == 0 && stored.rows() == (long) heads * (stored.columns() / GATES);
    headWidth = rowsAreInputs ? stored.columns() / GATES : stored.columns();
    channels = (headWidth + PADDING - 1) / PADDING * PADDING;
    if (!rowsAreInputs && stored.rows() != (long) heads * GATES * headWidth) {
      throw new IllegalArgumentException(
          "recurrent weights of "
              + heads
              + " heads are not "
              + stored.rows()
              + " x "
              + stored.columns());
    }
    boolean halves = rounded || stored.type() == WeightType.BF16;
    type = halves ? WeightType.BF16 : WeightType.F32;
    panels = Arena.ofAuto().allocate(heads * headBytes(), 64);
    float[] row = new float[stored.columns()];
    for (int index = 0; index < stored.rows(); index++) {
      stored.copyRow(index, row, 0);
      if (rowsAreInputs) {
        putInput(index / headWidth, index % headWidth, row);
      } else {
        putOutput(index / (GATES * headWidth), index % (GATES * headWidth), row);
      }
    }
  }

  private void putInput(int head, int input, float[] row) {
    for (int output = 0; output < GATES * headWidth; output++) {
      put(head, input, output, row[output]);
    }
  }

  private void putOutput(int head, int output, float[] row) {
    for (int input = 0; input < headWidth; input++) {
      put(head, input, output, row[input]);
    }
  }

  private void put(int head, int input, int output, float weight) {
    int padded = output / headWidth * channels + output % headWidth;
    int panel = padded / SlstmKernels.PANEL;
    int lane = padded % SlstmKernels.PANEL;
    long at = head * headBytes() + bytes(SlstmKernels.PANEL) * ((long) panel * headWidth + input);
    if (type == WeightType.BF16) {
      int pair = lane / 32 * 16 + lane % 16;
      int half = lane / 16 % 2;
      short upper = (short) (Bfloat16.nearest(weight) >>> 16);
      panels.set(ValueLayout.JAVA_SHORT, at + 4L * pair + 2L * half, upper);
    } else {
      panels.set(ValueLayout.JAVA_FLOAT, at + (long) Float.BYTES * lane, weight);
    }
  }

  private long bytes(long weights) {
    return weights * (type == WeightType.BF16 ? Short.BYTES : Float.BYTES);
  }

  private long headBytes() {
    return bytes((long) GATES * channels * headWidth);
  }

  int heads() {
    return heads;
  }

  int headWidth() {
    return headWidth;
  }

  /** How many weights there are, without padding. */
  long count() {
    return (long) heads * GATES * headWidth * headWidth;
  }

  long byteSize() {
    return panels.byteSize();
  }

  /** Width of a head rounded up to whole vectors. */
  int channels() {
    return channels;
  }

  int panelsOfHead() {
    return GATES * channels / SlstmKernels.PANEL;
  }

  /** {@code sums[gate][channel] = R y} of one head, for the outputs of some panels. */
  void multiply(
      int head,
      int firstPanel,
      int lastPanel,
      float[] y,
      int yOffset,
      float[] sums,
      int sumsOffset) {
    long from = head * headBytes();
    if (type == WeightType.BF16) {
      Kernels.slstm()
          .recurrentBf16(
              panels, from, headWidth, firstPanel, lastPanel, y, yOffset, sums, sumsOffset);
    } else {
      Kernels.slstm()
          .recurrentF32(
              panels, from, headWidth, firstPanel, lastPanel, y, yOffset, sums, sumsOffset);
    }
  }
}
