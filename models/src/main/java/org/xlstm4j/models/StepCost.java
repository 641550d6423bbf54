package org.xlstm4j.models;

import org.xlstm4j.engine.MachineLimits;

/**
 * What the machine has to do for one step of a model.
 *
 * @param unit what a step takes in: {@code token}, {@code picture}, {@code observation}
 * @param weightBytes bytes of the weights that activations are multiplied with, each counted once;
 *     of an embedding only a row is read, and it does not count
 * @param stateBytes bytes of state that are read and written back
 * @param multiplyAdds products of these weights and activations
 */
public record StepCost(String unit, long weightBytes, long stateBytes, long multiplyAdds) {
  /**
   * The least time of a step: no machine with these limits is faster. One of them decides: moving
   * the weights and the state, or multiplying.
   *
   * @param limits what the machine can do
   * @return seconds
   */
  public double seconds(MachineLimits limits) {
    double products = multiplyAdds / limits.multiplyAddRate();
    return Math.max(memorySeconds(limits), products);
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
}
