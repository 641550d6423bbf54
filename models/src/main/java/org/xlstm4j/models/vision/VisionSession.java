package org.xlstm4j.models.vision;

import org.xlstm4j.models.image.Image;
import org.xlstm4j.models.image.Size;

/**
 * Room to run pictures of one size, one after the other, as a camera loop does: after the first
 * picture nothing is allocated.
 *
 * <p>Not thread-safe; different sessions of one model may run in different threads. The arrays
 * handed out are the session's own, valid until the next picture.
 */
public interface VisionSession {
  /**
   * Runs a decoded picture of any size.
   *
   * @param picture gray or color; prepared as the model's configuration says
   * @return as {@link #run(float[])}
   */
  float[] run(Image picture);

  /**
   * Runs a prepared picture.
   *
   * @param prepared {@code [channels][height][width]}, normalized
   * @return the logits, or the features of a model without a head; of the shape {@link
   *     #outputShape()}
   * @throws IllegalStateException if it is not finite, since the weights are damaged
   */
  float[] run(float[] prepared);

  /**
   * The features of the last picture: what the head sees, or would see.
   *
   * @return values of the shape {@link #featureShape()}
   */
  float[] features();

  /**
   * The shape of the features.
   *
   * @return {@code [width]} pooled, {@code [tokens, width]}, or {@code [width, rows, columns]}
   */
  int[] featureShape();

  /**
   * The shape of the output.
   *
   * @return {@code [classes]}, {@code [tokens, classes]} without pooling, or that of the features
   */
  int[] outputShape();

  /**
   * The size of prepared pictures.
   *
   * @return whole patches
   */
  Size image();
}
