package org.xlstm4j.loader.tensors;

import java.util.List;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.weights.PanelLayout;

/**
 * What the bytes of a quantized tensor stand for: matrices in the panels of {@link PanelLayout},
 * one matrix after the other.
 *
 * @param type {@link WeightType#Q8} or {@link WeightType#Q4}
 * @param shape the dimensions the tensor had, outermost first
 * @param form the matrices, as many weights as the shape has
 */
public record Packing(WeightType type, List<Integer> shape, MatrixForm form) {
  /** Checks that the form fits the shape. */
  public Packing {
    shape = List.copyOf(shape);
    long elements = 1;
    for (int length : shape) {
      elements = Math.multiplyExact(elements, (long) length);
    }
    if (!type.isQuantized()) {
      throw new IllegalArgumentException(type + " weights do not come in panels");
    }
    if (elements != form.elements()) {
      throw new IllegalArgumentException(shape + " is not " + form);
    }
  }

  /**
   * Bytes of one of the matrices.
   *
   * @return a multiple of 64
   */
  public long matrixBytes() {
    return PanelLayout.byteSize(type, form.rows(), form.columns());
  }

  /**
   * Bytes of the tensor.
   *
   * @return a multiple of 64
   * @throws ArithmeticException if there are more than a {@code long} counts
   */
  public long byteSize() {
    return Math.multiplyExact(matrixBytes(), (long) form.count());
  }

  /** The type and the dimensions, as in {@code Q4 [768, 3, 16, 16]}. */
  String describe() {
    return type + " " + shape;
  }
}
