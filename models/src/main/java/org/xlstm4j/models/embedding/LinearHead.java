package org.xlstm4j.models.embedding;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * What makes classes or values of an embedding: {@code y = W e + b}. Immutable and thread-safe.
 *
 * @param kind what the outputs are
 * @param augment whether it takes augmented embeddings
 * @param statistics what the statistics in them are relative to; null for those of the series that
 *     are embedded together
 * @param labels names of the outputs: of the classes, or of the values
 * @param weight {@code [outputs][features]}
 * @param bias an addend an output
 */
@SuppressWarnings("ArrayRecordComponent") // as read from a file or fitted, never changed
public record LinearHead(
    Kind kind,
    boolean augment,
    @Nullable SeriesStatistics statistics,
    List<String> labels,
    float[] weight,
    float[] bias) {
  /** What the outputs of a head are. */
  public enum Kind {
    /** Logits of classes. */
    CLASSIFICATION,
    /** Values. */
    REGRESSION
  }

  /** Copies the labels and checks that the sizes fit. */
  public LinearHead {
    labels = List.copyOf(labels);
    int outputs = bias.length;
    if (outputs == 0
        || labels.size() != outputs
        || weight.length == 0
        || weight.length % outputs != 0
        || (statistics != null && !augment)) {
      throw new IllegalArgumentException(
          weight.length + " weights, " + outputs + " biases, " + labels.size() + " labels");
    }
  }

  /**
   * Reads a head: one that {@link #write} wrote, or one that the original's {@code save_model}
   * wrote ({@code .pt}), of which nothing is run.
   *
   * @param file its file
   * @return the head
   * @throws ModelFormatException if the file holds no head, or one whose parts do not fit
   * @throws IOException if the file cannot be read
   */
  public static LinearHead read(Path file) throws IOException {
    return HeadFile.read(file);
  }

  /**
   * Writes the head as safetensors.
   *
   * @param file where it shall appear; replaced by a whole one only
   * @throws IOException if it cannot be written
   */
  public void write(Path file) throws IOException {
    HeadFile.write(this, file);
  }

  /**
   * How many classes or values it gives.
   *
   * @return at least 1
   */
  public int outputs() {
    return bias.length;
  }

  /**
   * How long the embeddings are that it takes.
   *
   * @return at least 1
   */
  public int features() {
    return weight.length / bias.length;
  }

  /**
   * How series are to be embedded for it.
   *
   * @return the options
   */
  public EmbeddingOptions options() {
    return new EmbeddingOptions(augment, statistics);
  }

  /**
   * The outputs for an embedding.
   *
   * @param embedding of {@link #features()} values
   * @return logits or values, {@link #outputs()} of them
   */
  public float[] apply(float[] embedding) {
    int features = features();
    if (embedding.length != features) {
      throw new IllegalArgumentException(
          "an embedding of " + embedding.length + " values for a head of " + features);
    }
    float[] outputs = new float[bias.length];
    for (int output = 0; output < outputs.length; output++) {
      double sum = bias[output];
      for (int i = 0; i < features; i++) {
        sum += (double) weight[output * features + i] * embedding[i];
      }
      outputs[output] = (float) sum;
    }
    return outputs;
  }

  /**
   * The probabilities that logits stand for.
   *
   * @param logits of all classes
   * @return numbers that sum to 1
   */
  public static float[] probabilities(float[] logits) {
    double[] powers = new double[logits.length];
    double largest = logits[best(logits)];
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      powers[i] = Math.exp(logits[i] - largest);
      sum += powers[i];
    }
    float[] probabilities = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = (float) (powers[i] / sum);
    }
    return probabilities;
  }

  /**
   * The class with the largest logit.
   *
   * @param logits of all classes
   * @return index of the class, the first of equals
   */
  public static int best(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }

  /**
   * Checks that the head takes embeddings as they are asked for.
   *
   * @param file the head's, for the message
   * @param augmented whether augmented ones were asked for; if not, the head decides
   * @throws ModelFormatException if augmented ones were, and it takes plain ones
   */
  public void requireUse(Path file, boolean augmented) throws ModelFormatException {
    if (augmented && !augment) {
      throw ModelFormatException.of(
          file, "data_augmentation", "a head for augmented embeddings", "one for plain ones");
    }
  }

  /**
   * Checks that embeddings fit the head.
   *
   * @param file the head's, for the message
   * @param width how long the embeddings are
   * @throws ModelFormatException if it takes others
   */
  public void requireWidth(Path file, int width) throws ModelFormatException {
    if (width != features()) {
      throw ModelFormatException.of(
          file,
          "emb_dim",
          width + " as the model's embedding of these series",
          String.valueOf(features()));
    }
    int others = statistics == null ? 0 : statistics.count();
    if (others > width) {
      throw ModelFormatException.of(
          file, "statistics", "fewer than " + width, String.valueOf(others));
    }
  }
}
