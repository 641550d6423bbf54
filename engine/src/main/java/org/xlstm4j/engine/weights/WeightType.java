package org.xlstm4j.engine.weights;

/** How the numbers of a weight matrix are stored. */
public enum WeightType {
  /** 32-bit IEEE floats, row-major. */
  F32,
  /** The upper 16 bits of a 32-bit float, row-major. */
  BF16,
  /** 16-bit IEEE floats, row-major. */
  F16,
  /** 8-bit integers with a scale per block, in panels. */
  Q8,
  /** 4-bit integers with a scale per block, in panels. */
  Q4
}
