package org.xlstm4j.models;

import java.io.IOException;
import java.util.Arrays;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.Tensor;

/** Checks the shapes of tensors that somebody wants a model to run on. */
public final class TensorShapes {
  private TensorShapes() {}

  /**
   * The shape of a tensor, if it can be used.
   *
   * @param tensor any tensor
   * @param minRank fewest dimensions
   * @param maxRank most dimensions
   * @return the dimensions, each at least 1
   * @throws ModelFormatException naming the tensor, if it has fewer or more, or one is empty
   */
  public static int[] of(Tensor tensor, int minRank, int maxRank) throws IOException {
    int[] shape = tensor.dimensions();
    boolean empty = Arrays.stream(shape).anyMatch(dimension -> dimension == 0);
    if (shape.length < minRank || shape.length > maxRank || empty) {
      throw ModelFormatException.of(
          tensor.file(),
          "tensor " + tensor.name(),
          minRank + " to " + maxRank + " dimensions, none empty",
          Arrays.toString(shape));
    }
    return shape;
  }
}
