package org.xlstm4j.engine.machine.code;

/**
 * A block of 32 quantized activations of one token as the kernels read it: the values as signed
 * bytes in the order of their columns, then four 32-bit words. The blocks of the tokens that are
 * multiplied together are neighbors.
 */
public final class ActivationBlock {
  /** What a value is to be multiplied by: a float. */
  public static final int SCALE = 32;

  /** Minus the sum of the values: an integer. */
  public static final int NEGATIVE_SUM = 36;

  /** -128 times the sum, for weights with 128 added: an integer. */
  public static final int UNSIGNED_CORRECTION = 40;

  /** A quarter of the scale, for products in quarters: a float. */
  public static final int QUARTER_SCALE = 44;

  public static final int BYTES = 48;

  private ActivationBlock() {}
}
