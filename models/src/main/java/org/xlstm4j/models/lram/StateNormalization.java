package org.xlstm4j.models.lram;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * Statistics of the training data's observations, which some training runs keep beside the weights:
 * a padded observation enters the model as {@code (x - mean) / deviation}.
 *
 * @param mean of each number
 * @param deviation of each number, none of them 0
 */
@SuppressWarnings("ArrayRecordComponent") // read and handed on
record StateNormalization(float[] mean, float[] deviation) {
  private static final String MEAN = "pytorch_variables.state_mean";
  private static final String DEVIATION = "pytorch_variables.state_std";

  /** Reads the statistics, or null if the run has none. */
  static @Nullable StateNormalization read(Path path, TensorReader tensors, int width)
      throws ModelFormatException {
    if (!tensors.has(MEAN) && !tensors.has(DEVIATION)) {
      return null;
    }
    float[] mean = tensors.vector(MEAN, width);
    float[] deviation = tensors.vector(DEVIATION, width);
    for (float value : deviation) {
      if (!Float.isFinite(1 / value)) {
        throw ModelFormatException.of(
            path, "tensor " + DEVIATION, "numbers other than 0", String.valueOf(value));
      }
    }
    return new StateNormalization(mean, deviation);
  }

  /** Normalizes an observation that is padded with zeros already. */
  void apply(float[] padded) {
    for (int i = 0; i < padded.length; i++) {
      padded[i] = (padded[i] - mean[i]) / deviation[i];
    }
  }
}
