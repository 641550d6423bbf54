package org.xlstm4j.models.action;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;

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
 * @param slots where each number of an observation goes in the model's input, whose other numbers
 *     are 0; empty if they come first, in order. Models of several domains keep a fixed place for
 *     each part of an observation.
 */
public record ActionTask(
    int observationWidth,
    int actionWidth,
    boolean discrete,
    float rewardScale,
    float targetReturn,
    float actionScale,
    boolean cappedReturn,
    List<Integer> slots) {

  /** Checks the numbers. */
  public ActionTask {
    if (observationWidth < 0 || actionWidth < 1 || (discrete && actionWidth != 1)) {
      throw new IllegalArgumentException(
          "observations of " + observationWidth + " and actions of " + actionWidth + " numbers");
    }
    if (!Float.isFinite(1 / rewardScale) || !Float.isFinite(rewardScale)) {
      throw new IllegalArgumentException("rewards scaled by " + rewardScale);
    }
    slots = List.copyOf(slots);
    if (!slots.isEmpty()
        && (slots.size() != observationWidth
            || new HashSet<>(slots).size() != observationWidth
            || slots.stream().anyMatch(slot -> slot < 0))) {
      throw new IllegalArgumentException(
          "observations of " + observationWidth + " numbers in slots " + slots);
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
    return new ActionTask(0, 1, true, rewardScale, targetReturn, 1, false, List.of());
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
        observationWidth, actionWidth, false, rewardScale, targetReturn, 1, false, List.of());
  }

  /**
   * The task of a recorded episode of which nothing else is known: pictures and discrete actions,
   * or vectors and continuous ones.
   *
   * @param episode the recording
   * @param actionWidth numbers of a continuous action
   * @return the task, rewards and returns scaled already
   */
  public static ActionTask of(ActionEpisode episode, int actionWidth) {
    return episode.pictures() != null
        ? ofPictures(1, 0)
        : ofVectors(episode.observationWidth(), actionWidth, 1, 0);
  }

  /** Whether observations are pictures. */
  public boolean pictures() {
    return observationWidth == 0;
  }

  /**
   * Where a number of an observation goes in the model's input.
   *
   * @param index of the number
   * @return index into the input
   */
  public int slot(int index) {
    return slots.isEmpty() ? index : slots.get(index);
  }

  /**
   * Reads an entry of a configuration's {@code tasks}.
   *
   * @param config the entry
   * @param stateWidth numbers of the model's input
   * @param actionWidth dimensions of the model's actions
   * @param pictures whether the model takes pictures, too
   * @return the task
   * @throws ModelFormatException if a value is missing, of the wrong kind or impossible
   */
  public static ActionTask of(Config config, int stateWidth, int actionWidth, boolean pictures)
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
        target(config),
        config.has("act_scale") ? scale(config, "act_scale") : 1,
        config.boolOr("capped_return", true),
        slots(config, observation, stateWidth));
  }

  private static float target(Config config) throws ModelFormatException {
    float target = (float) config.number("target");
    if (!Float.isFinite(target)) {
      throw config.error("target", String.valueOf(target), "a return within the range of floats");
    }
    return target;
  }

  private static List<Integer> slots(Config config, int observation, int stateWidth)
      throws ModelFormatException {
    if (!config.has("slots")) {
      return List.of();
    }
    int[] slots = config.integers("slots", 0, stateWidth - 1);
    if (slots.length != observation || Arrays.stream(slots).distinct().count() != observation) {
      throw config.error(
          "slots", Arrays.toString(slots), observation + " different slots, one for each of obs");
    }
    return Arrays.stream(slots).boxed().toList();
  }

  private static float scale(Config config, String key) throws ModelFormatException {
    float scale = (float) config.number(key);
    if (scale == 0 || !Float.isFinite(scale) || !Float.isFinite(1 / scale)) {
      throw config.error(key, String.valueOf(scale), "a number other than 0");
    }
    return scale;
  }
}
