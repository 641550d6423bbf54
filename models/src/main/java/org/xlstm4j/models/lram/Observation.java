package org.xlstm4j.models.lram;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.models.action.ActionEpisode;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.action.ImageShape;

/**
 * Checks a session's observations and embeds them; the result stays until the next one. Numbers
 * beyond any unit's use are refused as well as those that are not finite, since their embeddings
 * would overflow and damage the state for the rest of the episode.
 */
final class Observation {
  /** Largest magnitude of an observation, a return or a reward. */
  private static final float LIMIT = 1e15f;

  private final LramModel model;
  private final ActionTask task;
  private final Workspace workspace;
  private final Columns padded;
  private final Columns embedding;
  private final ImpalaEncoder.@Nullable Buffers pictureBuffers;

  Observation(LramModel model, ActionTask task, Workspace workspace) {
    this.model = model;
    this.task = task;
    this.workspace = workspace;
    LramConfig config = model.config();
    ImpalaEncoder encoder = model.embeddings().image();
    if (task.pictures() && encoder == null) {
      throw new IllegalArgumentException("a task with pictures, but the model takes none");
    }
    if (task.observationWidth() > config.stateWidth()) {
      throw new IllegalArgumentException(
          "observations of "
              + task.observationWidth()
              + " numbers, but the model takes "
              + config.stateWidth());
    }
    if (task.slots().stream().anyMatch(slot -> slot >= config.stateWidth())) {
      throw new IllegalArgumentException(
          "observations in slots " + task.slots() + " of " + config.stateWidth());
    }
    padded = Columns.allocate(1, config.stateWidth());
    embedding = Columns.allocate(1, config.width());
    pictureBuffers = task.pictures() && encoder != null ? encoder.newBuffers() : null;
  }

  /** Embeds the observation of a recorded step. */
  void of(ActionEpisode episode, int step) {
    int width = episode.observationWidth();
    float[] vectors = episode.vectors();
    byte[] pictures = episode.pictures();
    if (vectors != null) {
      vector(vectors, step * width, width);
    } else if (pictures != null) {
      picture(pictures, step * width, width);
    }
  }

  /** Whether a number is finite and no larger than any unit makes it. */
  static boolean usable(double value) {
    return Math.abs(value) <= LIMIT;
  }

  /**
   * Embeds a vector.
   *
   * @param values as many finite numbers as the task has
   * @param offset where they start
   * @param length how many there are
   */
  void vector(float[] values, int offset, int length) {
    if (task.pictures() || length != task.observationWidth()) {
      throw new IllegalArgumentException(
          "an observation of "
              + length
              + " numbers, expected "
              + (task.pictures() ? "a picture" : task.observationWidth()));
    }
    for (int i = 0; i < length; i++) {
      requireUsable(i, values[offset + i]);
    }
    float[] state = padded.data();
    Arrays.fill(state, 0);
    for (int i = 0; i < length; i++) {
      state[task.slot(i)] = values[offset + i];
    }
    StateNormalization normalization = model.normalization();
    if (normalization != null) {
      normalization.apply(state);
      for (int i = 0; i < length; i++) {
        requireUsable(i, state[task.slot(i)]);
      }
    }
    model.embeddings().state(workspace, padded, embedding);
  }

  private static void requireUsable(int index, float value) {
    if (!usable(value)) {
      throw new IllegalArgumentException(
          "observation[" + index + "] is " + value + ", expected at most " + LIMIT);
    }
  }

  /**
   * Embeds a picture.
   *
   * @param pixels unsigned bytes, {@code [channel][row][column]}
   * @param offset where they start
   * @param length how many there are
   */
  void picture(byte[] pixels, int offset, int length) {
    ImpalaEncoder encoder = model.embeddings().image();
    ImageShape shape = model.config().image();
    if (encoder == null || shape == null || pictureBuffers == null || length != shape.bytes()) {
      throw new IllegalArgumentException(
          "a picture of "
              + length
              + " bytes, expected "
              + (pictureBuffers == null || shape == null
                  ? task.observationWidth() + " numbers"
                  : shape.bytes()));
    }
    encoder.apply(workspace, pixels, offset, pictureBuffers, embedding);
  }

  /** Embeds what pads a window on the left: zeros, not normalized, or a black picture. */
  void nothing() {
    if (pictureBuffers != null) {
      ImageShape shape = model.config().image();
      int bytes = shape == null ? 0 : shape.bytes();
      picture(new byte[bytes], 0, bytes);
    } else {
      Arrays.fill(padded.data(), 0);
      model.embeddings().state(workspace, padded, embedding);
    }
  }

  /** The embedding of the last observation, before the step's number and the norm. */
  float[] embedding() {
    return embedding.data();
  }
}
