package org.xlstm4j.models;

import org.xlstm4j.engine.limits.MachineLimits;

/**
 * What the machine has to do for one step of a model.
 *
 * @param unit what a step takes in: {@code token}, {@code picture}, {@code observation}
 * @param weightBytes bytes of the weights that activations are multiplied with, each counted once;
 *     of an embedding only a row is read, and it does not count
 * @param stateBytes bytes of state that are read and written back
 * @param multiplyAdds products of these weights and activations
 * @param integerMultiplyAdds those of them that may be done with small integers: of quantized
 *     weights
 */
public record StepCost(
    String unit, long weightBytes, long stateBytes, long multiplyAdds, long integerMultiplyAdds) {
  /** What a step cannot be faster than. */
  public enum Limit {
    /** Reading the weights, and reading and writing the state. */
    MEMORY,
    /** Multiplying and adding. */
    ARITHMETIC
  }

  /**
   * The least time of a step: no machine with these limits is faster. One of them decides: moving
   * the weights and the state, or multiplying.
   *
   * @param limits what the machine can do
   * @return seconds
   */
  public double seconds(MachineLimits limits) {
    return Math.max(memorySeconds(limits), arithmeticSeconds(limits));
  }

  /**
   * Which of the limits decides.
   *
   * @param limits what the machine can do
   * @return the one that takes longer
   */
  public Limit limit(MachineLimits limits) {
    return memorySeconds(limits) >= arithmeticSeconds(limits) ? Limit.MEMORY : Limit.ARITHMETIC;
  }

  /**
   * The least time that moving the step's bytes takes.
   *
   * @param limits what the machine can do
   * @return seconds
   */
  public double memorySeconds(MachineLimits limits) {
    return weightBytes / limits.readRate() + stateBytes / limits.updateRate();
  }

  /**
   * The least time that the step's products take.
   *
   * @param limits what the machine can do
   * @return seconds
   */
  public double arithmeticSeconds(MachineLimits limits) {
    double integers = Math.max(limits.integerMultiplyAddRate(), limits.multiplyAddRate());
    return (multiplyAdds - integerMultiplyAdds) / limits.multiplyAddRate()
        + integerMultiplyAdds / integers;
  }

  /**
   * The cost of a step of several sequences together: weights are read once.
   *
   * @param count how many, at least 1
   * @return the cost of all
   */
  public StepCost together(int count) {
    return new StepCost(
        unit, weightBytes, stateBytes * count, multiplyAdds * count, integerMultiplyAdds * count);
  }

  /**
   * The cost of several steps one after the other.
   *
   * @param count how many, at least 1
   * @return the cost of all
   */
  public StepCost times(int count) {
    return new StepCost(
        unit,
        weightBytes * count,
        stateBytes * count,
        multiplyAdds * count,
        integerMultiplyAdds * count);
  }
}
