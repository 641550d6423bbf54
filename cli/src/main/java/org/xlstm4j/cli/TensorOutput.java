package org.xlstm4j.cli;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A tensor that a model computed.
 *
 * @param name as a tensor file names it
 * @param shape its dimensions
 * @param values row-major
 */
@SuppressWarnings("ArrayRecordComponent") // written once, then dropped
record TensorOutput(String name, List<Long> shape, float[] values) {
  static TensorOutput of(String name, float[] values, int... shape) {
    return new TensorOutput(
        name, IntStream.of(shape).mapToObj(dimension -> (long) dimension).toList(), values);
  }

  /** Parts, one behind the other. */
  static float[] concatenate(List<float[]> parts) {
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
