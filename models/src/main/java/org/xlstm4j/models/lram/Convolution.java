package org.xlstm4j.models.lram;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.engine.weights.Matrix;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * A 3 x 3 convolution of pictures {@code [row][column][channel]} with zero padding of one pixel.
 * The neighborhoods of all pixels are laid out as tokens and multiplied by the kernels as one
 * matrix. Immutable and thread-safe.
 */
final class Convolution {
  private static final int SIZE = 3;

  private final int inputs;
  private final Linear kernels;

  /**
   * Reads a convolution.
   *
   * @param name of the tensors {@code .weight}, {@code [outputs, inputs, 3, 3]}, and {@code .bias}
   * @param inputs channels of the input
   * @param outputs channels of the result
   */
  Convolution(TensorReader tensors, String name, int inputs, int outputs)
      throws ModelFormatException {
    this.inputs = inputs;
    float[] weights = tensors.tensor(name + ".weight", outputs, inputs, SIZE, SIZE);
    float[] bias = tensors.vector(name + ".bias", outputs);
    Matrix matrix =
        weights.length == 0
            ? Matrix.absent(outputs, SIZE * SIZE * inputs)
            : channelsLast(weights, inputs, outputs);
    kernels = new Linear(List.of(matrix), bias);
  }

  /** From {@code [output][input][row][column]} to {@code [output][row][column][input]}. */
  private static Matrix channelsLast(float[] weights, int inputs, int outputs) {
    int taps = SIZE * SIZE;
    MemorySegment data = Arena.ofAuto().allocate((long) Float.BYTES * weights.length, 64);
    for (int output = 0; output < outputs; output++) {
      for (int input = 0; input < inputs; input++) {
        for (int tap = 0; tap < taps; tap++) {
          data.setAtIndex(
              ValueLayout.JAVA_FLOAT,
              ((long) output * taps + tap) * inputs + input,
              weights[(output * inputs + input) * taps + tap]);
        }
      }
    }
    return Matrix.of(WeightType.F32, data, outputs, taps * inputs);
  }

  /** Values that the neighborhoods of a picture take. */
  int patchValues(int height, int width) {
    return Math.multiplyExact(height * width, SIZE * SIZE * inputs);
  }

  /**
   * Convolves a picture.
   *
   * @param workspace the session's
   * @param x the picture, {@code [height][width][inputs]}
   * @param patches scratch of at least {@link #patchValues}
   * @param y result, {@code [height][width][outputs]}
   */
  void apply(Workspace workspace, float[] x, int height, int width, float[] patches, float[] y) {
    int patch = SIZE * SIZE * inputs;
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int to = (row * width + column) * patch;
        for (int dy = -1; dy <= 1; dy++) {
          copyRow(x, height, width, row + dy, column, patches, to);
          to += SIZE * inputs;
        }
      }
    }
    kernels.apply(
        workspace,
        new Columns(patches, 0, patch),
        height * width,
        new Columns(y, 0, kernels.rows()));
  }

  /** Three neighboring pixels of a row, zeros outside the picture. */
  private void copyRow(
      float[] x, int height, int width, int row, int column, float[] patches, int to) {
    if (row < 0 || row >= height) {
      Arrays.fill(patches, to, to + SIZE * inputs, 0);
      return;
    }
    int first = Math.max(column - 1, 0);
    int last = Math.min(column + 2, width);
    int skipped = first - (column - 1);
    int end = to + (skipped + last - first) * inputs;
    Arrays.fill(patches, to, to + skipped * inputs, 0);
    System.arraycopy(
        x, (row * width + first) * inputs, patches, to + skipped * inputs, (last - first) * inputs);
    Arrays.fill(patches, end, to + SIZE * inputs, 0);
  }
}
