package org.xlstm4j.models.blocks;

import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.engine.weights.Matrix;
import org.xlstm4j.loader.TensorReader;

/**
 * Reads matrices that share an input, and their biases, into one {@link Linear} whose results lie
 * side by side.
 */
public final class LinearReader {
  private final TensorReader tensors;
  private final int columns;
  private final List<Matrix> matrices = new ArrayList<>();
  private final List<float[]> biases = new ArrayList<>();
  private boolean anyBias;

  /**
   * A reader of matrices with the same input.
   *
   * @param tensors where they are
   * @param columns width of the input
   */
  public LinearReader(TensorReader tensors, int columns) {
    this.tensors = tensors;
    this.columns = columns;
  }

  /**
   * One projection on its own.
   *
   * @param tensors where it is
   * @param name of the projection, to which {@code .weight} and {@code .bias} are appended
   * @param rows number of outputs
   * @param columns number of inputs
   * @param bias whether it has a bias
   * @return the projection
   */
  public static Linear one(TensorReader tensors, String name, int rows, int columns, boolean bias) {
    return new LinearReader(tensors, columns).add(name, rows, bias).stack();
  }

  /**
   * Reads the next projection.
   *
   * @param name of the projection, to which {@code .weight} and {@code .bias} are appended
   * @param rows number of outputs
   * @param bias whether it has a bias
   * @return this reader
   */
  public LinearReader add(String name, int rows, boolean bias) {
    matrices.add(tensors.matrix(name + ".weight", rows, columns));
    biases.add(tensors.vector(name + ".bias", rows, bias));
    anyBias |= bias;
    return this;
  }

  /**
   * All projections read so far, side by side.
   *
   * @return the joint projection
   */
  public Linear stack() {
    if (!anyBias) {
      return new Linear(matrices, new float[0]);
    }
    int rows = 0;
    for (Matrix matrix : matrices) {
      rows += matrix.rows();
    }
    float[] bias = new float[rows];
    int at = 0;
    for (int i = 0; i < matrices.size(); i++) {
      float[] part = biases.get(i);
      System.arraycopy(part, 0, bias, at, part.length);
      at += matrices.get(i).rows();
    }
    return new Linear(matrices, bias);
  }
}
