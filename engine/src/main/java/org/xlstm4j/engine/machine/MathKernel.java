package org.xlstm4j.engine.machine;

import org.xlstm4j.engine.machine.assembler.Listing;

/** The kernels of {@link MachineMathKernels}. */
enum MathKernel {
  EXP,
  SIGMOID,
  LOG_SIGMOID,
  TANH,
  SILU,
  SOFT_CAP,
  SIGMOID_GATE,
  SILU_GATE,
  GELU_GATE,
  MULTIPLY,
  ADD,
  SCALE,
  NORM,
  CENTERED_NORM,
  NORMALIZER,
  ADD_PRODUCTS;

  /** The code for a level; functions read their numbers from a table. */
  Listing listing(MachineLevel level, MathConstants numbers) {
    return switch (this) {
      case EXP, SIGMOID, LOG_SIGMOID, TANH, SILU, SOFT_CAP, SIGMOID_GATE, SILU_GATE, GELU_GATE ->
          FunctionListing.of(level, this, numbers);
      case MULTIPLY -> ArithmeticListing.multiply(level);
      case ADD -> ArithmeticListing.add(level);
      case SCALE -> ArithmeticListing.scale(level);
      case NORM -> NormListing.of(level, false);
      case CENTERED_NORM -> NormListing.of(level, true);
      case NORMALIZER -> NormalizerListing.of(level);
      case ADD_PRODUCTS -> ProductSumListing.of(level);
    };
  }
}
