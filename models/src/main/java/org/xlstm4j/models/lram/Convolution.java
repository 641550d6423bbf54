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
    int[] shape = {outputs, inputs, SIZE, SIZE};
    Matrix stored = tensors.exactMatrix(name + ".weight", shape, outputs, SIZE * SIZE * inputs);
    kernels = new Linear(List.of(channelsLast(stored)), tensors.vector(name + ".bias", outputs));
  }

  /** From {@code [output][input][row][column]} to {@code [output][row][column][input]}. */
  private Matrix channelsLast(Matrix stored) {
    int taps = SIZE * SIZE;
    float[] kernel = new float[stored.columns()];
    long bytes = (long) Float.BYTES * stored.rows() * stored.columns();
    MemorySegment data = Arena.ofAuto().allocate(bytes, 64);
    for (int output = 0; output < stored.rows(); output++) {
      stored.copyRow(output, kernel, 0);
      for (int i = 0; i < kernel.length; i++) {
        long to = ((long) output * taps + i % taps) * inputs + i / taps;
        data.setAtIndex(ValueLayout.JAVA_FLOAT, to, kernel[i]);
      }
    }
    return Matrix.of(WeightType.F32, data, stored.rows(), stored.columns());
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
