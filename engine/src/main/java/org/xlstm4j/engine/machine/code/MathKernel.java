package org.xlstm4j.engine.machine.code;

import org.xlstm4j.engine.machine.MachineMathKernels;

/** The kernels of {@link MachineMathKernels}. */
public enum MathKernel {
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
  ADD_PRODUCTS
}
