package org.xlstm4j.models.action;

import java.time.Duration;

/**
 * A model acting in one environment: one observation in, one action out, in constant time and
 * memory, episode after episode.
 *
 * <p>Not thread-safe; any number of sessions of one model may act in different threads. Nothing is
 * allocated after the first step. What a call refuses (an observation of the wrong length, a number
 * that is not finite) it refuses before anything of the session has changed.
 */
public interface ActionSession {
  /** Starts an episode that aims at the task's target return. */
  void reset();

  /**
   * Starts an episode.
   *
   * @param targetReturn the return to aim at, in the environment's unit
   * @throws IllegalArgumentException if it is not finite or beyond use; the session is as it was
   */
  void reset(double targetReturn);

  /**
   * One control step with a vector observation.
   *
   * @param values the observation, as long as the task says, finite
   * @param reward what the previous action brought, in the environment's unit; ignored in the first
   *     step of an episode
   * @param action receives the action: numbers in the task's unit, or the index of a discrete one
   * @return whether the call stayed within the latency budget; true if there is none
   * @throws IllegalArgumentException if the observation or the reward is not usable; the session is
   *     as it was before the call
   * @throws IllegalStateException if the episode is longer than the model can count
   */
  boolean act(float[] values, float reward, float[] action);

  /**
   * One control step with a picture.
   *
   * @param pixels unsigned bytes, {@code [channel][row][column]}, of the model's image shape
   * @param reward as of {@link #act(float[], float, float[])}
   * @param action as of {@link #act(float[], float, float[])}
   * @return as of {@link #act(float[], float, float[])}
   */
  boolean act(byte[] pixels, float reward, float[] action);

  /**
   * Runs what is known already before the next observation comes, the reward token in mode {@link
   * ActionMode#ZERO}: to be called in the idle time between two actions, or not at all. The actions
   * are the same; the next {@link #act} has fewer tokens to run, but the weights are read once
   * more.
   */
  void settle();

  /**
   * Runs a step on zeros, waits for the kernels that it computed with, then runs steps so that
   * everything on their way is compiled, and resets the session. To be called before the first
   * episode.
   *
   * @param time how long to run steps, at least one; the JIT is through with small models after
   *     some seconds
   */
  void warmUp(Duration time);

  /**
   * Sets the time a call of {@link #act} may take.
   *
   * @param nanoseconds above 0; calls that take longer return false and count as missed
   */
  void latencyBudget(long nanoseconds);

  /**
   * Sets the time from one observation to the next that the environment runs at.
   *
   * @param nanoseconds above 0; calls of {@link #act} that begin more than half a period late count
   *     as late
   */
  void period(long nanoseconds);

  /**
   * Asks the system to keep the session's state in memory; see {@link ActionModel#lockPages()}.
   *
   * @return whether it does
   */
  boolean lockPages();

  /** How long the calls of {@link #act} took; kept from episode to episode. */
  StepTimer timer();

  /** Steps of this episode so far. */
  long steps();

  /** The return that the last step aimed at, in the environment's unit. */
  double returnToGo();

  /** The task. */
  ActionTask task();

  /** The model. */
  ActionModel model();

  /**
   * The logits of the last step.
   *
   * @return {@code [dimensions][choices]}; the same array at every call, valid until the next step
   */
  float[] logits();

  /**
   * The action of the last step.
   *
   * @return numbers in the task's unit, or the index of a discrete one; the same array at every
   *     call, valid until the next step
   */
  float[] action();

  /**
   * One control step as it was recorded: observation, return-to-go and, in mode {@link
   * ActionMode#DELAYED}, the reward before it.
   *
   * @param episode the recording, whose steps are to be played in order
   * @param index number of the step, from 0
   */
  void act(ActionEpisode episode, int index);
}
