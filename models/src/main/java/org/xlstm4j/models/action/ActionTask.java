package org.xlstm4j.models.action;

import org.xlstm4j.loader.Config;
import org.xlstm4j.loader.ModelFormatException;

/**
 * What a model must know of the environment it acts in.
 *
 * @param observationWidth numbers of a vector observation, or 0 for pictures
 * @param actionWidth numbers of an action, at least 1; 1 for discrete actions
 * @param discrete whether an action is an index rather than numbers
 * @param rewardScale what rewards and returns are divided by, not 0
 * @param targetReturn the return to aim at, in the environment's unit
 * @param actionScale what the model's continuous actions, -1 to 1, are multiplied by
 * @param cappedReturn whether the return-to-go never rises above its start, so that penalties do
 *     not lead it out of what was seen in training
 */
public record ActionTask(
    int observationWidth,
    int actionWidth,
    boolean discrete,
    float rewardScale,
    float targetReturn,
    float actionScale,
    boolean cappedReturn) {

  /** Checks the numbers. */
  public ActionTask {
    if (observationWidth < 0 || actionWidth < 1 || (discrete && actionWidth != 1)) {
      throw new IllegalArgumentException(
          "observations of " + observationWidth + " and actions of " + actionWidth + " numbers");
    }
    if (!Float.isFinite(1 / rewardScale) || !Float.isFinite(rewardScale)) {
      throw new IllegalArgumentException("rewards scaled by " + rewardScale);
    }
    if (!Float.isFinite(targetReturn) || !Float.isFinite(actionScale)) {
      throw new IllegalArgumentException(
          "a target of " + targetReturn + " and actions scaled by " + actionScale);
    }
  }

  /**
   * Pictures in, the index of a discrete action out.
   *
   * @param rewardScale what rewards and returns are divided by, not 0
   * @param targetReturn the return to aim at
   * @return the task
   */
  public static ActionTask ofPictures(float rewardScale, float targetReturn) {
    return new ActionTask(0, 1, true, rewardScale, targetReturn, 1, false);
  }

  /**
   * Vectors in, continuous actions from -1 to 1 out.
   *
   * @param observationWidth numbers of an observation
   * @param actionWidth numbers of an action
   * @param rewardScale what rewards and returns are divided by, not 0
   * @param targetReturn the return to aim at
   * @return the task
   */
  public static ActionTask ofVectors(
      int observationWidth, int actionWidth, float rewardScale, float targetReturn) {
    return new ActionTask(
        observationWidth, actionWidth, false, rewardScale, targetReturn, 1, false);
  }

  /** Whether observations are pictures. */
  public boolean pictures() {
    return observationWidth == 0;
  }

  /** Reads an entry of a configuration's {@code tasks}. */
  static ActionTask of(Config config, int stateWidth, int actionWidth, boolean pictures)
      throws ModelFormatException {
    int observation = config.integer("obs", pictures ? 0 : 1, stateWidth);
    int action = config.integer("act", 1, actionWidth);
    boolean discrete = config.integerOr("discrete", 0, 0, 1 << 20) > 0;
    if (discrete && action != 1) {
      throw config.error("act", String.valueOf(action), "1, since the actions are discrete");
    }
    return new ActionTask(
        observation,
        action,
        discrete,
        scale(config, "scale"),
        (float) config.number("target"),
        config.has("act_scale") ? scale(config, "act_scale") : 1,
        config.boolOr("capped_return", true));
  }

  private static float scale(Config config, String key) throws ModelFormatException {
    float scale = (float) config.number(key);
    if (scale == 0 || !Float.isFinite(scale) || !Float.isFinite(1 / scale)) {
      throw config.error(key, String.valueOf(scale), "a number other than 0");
    }
    return scale;
  }
}
