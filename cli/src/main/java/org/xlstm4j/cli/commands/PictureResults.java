package org.xlstm4j.cli.commands;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.terminal.Progress;
import org.xlstm4j.models.vision.PictureBatch;
import org.xlstm4j.models.vision.Prediction;
import org.xlstm4j.models.vision.VisionModel;
import org.xlstm4j.models.vision.VisionSession;

/** What a model says about pictures, in the pictures' order whatever the order of the results. */
final class PictureResults implements PictureBatch.Results {
  private final VisionModel model;
  private final int labels;
  private final boolean features;
  private final Progress progress;
  private final @Nullable Outcome[] outcomes;
  private int finished;

  /**
   * A picture's.
   *
   * @param predictions the most probable classes; none for a model without a head
   * @param features what the head sees, if wanted
   * @param shape of the features
   * @param failure why there is no result, or null
   */
  @SuppressWarnings("ArrayRecordComponent") // written once, then dropped
  record Outcome(
      List<Prediction> predictions, float[] features, int[] shape, @Nullable Exception failure) {}

  /**
   * Room for results.
   *
   * @param count of pictures
   * @param labels wanted a picture; 0 for a model without a head
   * @param features whether they are wanted
   */
  PictureResults(VisionModel model, int count, int labels, boolean features, Progress progress) {
    this.model = model;
    this.labels = labels;
    this.features = features;
    this.progress = progress;
    outcomes = new Outcome[count];
  }

  @Override
  public void done(int index, float[] output, VisionSession session) {
    List<Prediction> predictions = labels == 0 ? List.of() : Prediction.top(model, output, labels);
    float[] kept = features ? session.features().clone() : new float[0];
    put(index, new Outcome(predictions, kept, session.featureShape(), null));
  }

  @Override
  public void failed(int index, Exception failure) {
    put(index, new Outcome(List.of(), new float[0], new int[0], failure));
  }

  private synchronized void put(int index, Outcome outcome) {
    outcomes[index] = outcome;
    finished++;
    progress.update(finished, outcomes.length);
  }

  /** The result of one picture. */
  synchronized Outcome of(int index) {
    Outcome outcome = outcomes[index];
    if (outcome == null) {
      throw new IllegalStateException("picture " + index + " was not run");
    }
    return outcome;
  }
}
