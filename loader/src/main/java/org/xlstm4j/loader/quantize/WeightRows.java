package org.xlstm4j.loader.quantize;

import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.Tensor;

/** The weights of a tensor as floats, piece by piece. Thread-safe. */
final class WeightRows {
  private final Tensor tensor;
  private final int columns;

  /** Rows of so many columns. */
  WeightRows(Tensor tensor, int columns) {
    this.tensor = tensor;
    this.columns = columns;
  }

  /**
   * Reads some rows.
   *
   * @throws ModelFormatException if a weight is not finite, or the elements are no floats
   */
  void read(long firstRow, int count, float[] rows) throws ModelFormatException {
    int length = count * columns;
    tensor.copyFloats(firstRow * columns, length, rows);
    for (int i = 0; i < length; i++) {
      if (!Float.isFinite(rows[i])) {
        throw refused("finite weights", rows[i] + " in row " + (firstRow + i / columns));
      }
    }
  }

  private ModelFormatException refused(String expected, String found) {
    return ModelFormatException.of(tensor.file(), "tensor " + tensor.name(), expected, found);
  }
}
