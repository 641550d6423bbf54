package org.xlstm4j.loader.quantize;

/**
 * What became of a tensor.
 *
 * @param name in the file
 * @param type how its weights are stored now, such as {@code Q4} or {@code F32}
 * @param weights how many it has
 * @param bytes that they take now
 * @param squaredError sum of the squared differences from what they were
 * @param squaredSum sum of the squares of what they were; 0 where nothing was changed
 */
public record TensorReport(
    String name, String type, long weights, long bytes, double squaredError, double squaredSum) {
  /**
   * Storage a weight takes, scales included.
   *
   * @return bits
   */
  public double bitsPerWeight() {
    return weights == 0 ? 0 : 8.0 * bytes / weights;
  }

  /**
   * The size of the differences against that of the weights.
   *
   * @return root mean square error / root mean square; 0 where nothing was changed
   */
  public double relativeError() {
    return squaredSum == 0 ? 0 : Math.sqrt(squaredError / squaredSum);
  }
}
