package org.xlstm4j.engine.machine.code;

/** How weights are stored, as far as products with a few tokens tell it apart. */
public enum WeightFormat {
  /** Row after row, 32-bit floats. */
  F32,
  /** Row after row, the upper halves of 32-bit floats. */
  BF16,
  /** Row after row, 16-bit floats of IEEE 754. */
  F16,
  /** Panels of 8-bit integers. */
  Q8,
  /** Panels of 4-bit integers. */
  Q4;

  /** Whether they are multiplied by quantized activations. */
  public boolean isQuantized() {
    return this == Q8 || this == Q4;
  }
}
