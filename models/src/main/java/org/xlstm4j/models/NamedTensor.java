package org.xlstm4j.models;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A tensor that a model computed.
 *
 * @param name as a tensor file names it
 * @param shape its dimensions, outermost first
 * @param values row-major
 */
@SuppressWarnings("ArrayRecordComponent") // written once, then dropped
public record NamedTensor(String name, List<Long> shape, float[] values) {
  /** Most values: what a Java array can hold. */
  public static final int LARGEST = Integer.MAX_VALUE - 8;

  /** Copies the shape. */
  public NamedTensor {
    shape = List.copyOf(shape);
  }

  /**
   * A tensor.
   *
   * @param name as a tensor file names it
   * @param values row-major
   * @param shape its dimensions, outermost first
   * @return the tensor
   */
  public static NamedTensor of(String name, float[] values, int... shape) {
    return new NamedTensor(
        name, IntStream.of(shape).mapToObj(dimension -> (long) dimension).toList(), values);
  }

  /**
   * Parts, one behind the other.
   *
   * @param parts in their order
   * @return a new array of all values
   */
  public static float[] concatenate(List<float[]> parts) {
    int length = parts.stream().mapToInt(part -> part.length).reduce(0, Math::addExact);
    float[] all = new float[length];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}
