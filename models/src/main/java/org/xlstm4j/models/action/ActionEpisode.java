package org.xlstm4j.models.action;

import org.jspecify.annotations.Nullable;

/**
 * A recorded episode. The arrays are not copied.
 *
 * @param steps number of steps, at least 1
 * @param vectors observations {@code [steps][observationWidth]}, or null for pictures
 * @param pictures unsigned bytes {@code [steps][channel][row][column]}, or null for vectors
 * @param returns the return-to-go of each step, scaled
 * @param rewards the reward of each step, scaled
 * @param actions what was done, {@code [steps][actionWidth]}, or null if that is not known; needed
 *     only by models that take actions as inputs
 */
@SuppressWarnings("ArrayRecordComponent") // a bundle of buffers of its creator
public record ActionEpisode(
    int steps,
    float @Nullable [] vectors,
    byte @Nullable [] pictures,
    float[] returns,
    float[] rewards,
    float @Nullable [] actions) {

  /** Checks that the lengths fit together. */
  public ActionEpisode {
    if (steps < 1 || (vectors == null) == (pictures == null)) {
      throw new IllegalArgumentException("an episode has steps with either vectors or pictures");
    }
    int values = vectors != null ? vectors.length : pictures != null ? pictures.length : 0;
    if (values % steps != 0 || returns.length != steps || rewards.length != steps) {
      throw new IllegalArgumentException(
          steps
              + " steps, but "
              + values
              + " numbers of observations, "
              + returns.length
              + " returns and "
              + rewards.length
              + " rewards");
    }
    if (actions != null && (actions.length == 0 || actions.length % steps != 0)) {
      throw new IllegalArgumentException(steps + " steps, but " + actions.length + " actions");
    }
    for (int i = 0; i < steps; i++) {
      if (!Float.isFinite(returns[i]) || !Float.isFinite(rewards[i])) {
        throw new IllegalArgumentException("return or reward of step " + i + " is not finite");
      }
    }
  }

  /** Numbers or bytes of one observation. */
  public int observationWidth() {
    int values = vectors != null ? vectors.length : pictures != null ? pictures.length : 0;
    return values / steps;
  }

  /** Embeds the observation of a step. */
  void observe(int step, Observation observation) {
    int width = observationWidth();
    if (vectors != null) {
      observation.vector(vectors, step * width, width);
    } else if (pictures != null) {
      observation.picture(pictures, step * width, width);
    }
  }
}
