package org.xlstm4j.models.action;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.PageLock;
import org.xlstm4j.engine.State;
import org.xlstm4j.engine.Team;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.Workspace;

/**
 * A model acting in one environment: one observation in, one action out, in constant time and
 * memory, episode after episode.
 *
 * <p>Not thread-safe; any number of sessions of one model may act in different threads. Nothing is
 * allocated after the first step. What a call refuses (an observation of the wrong length, a number
 * that is not finite) it refuses before anything of the session has changed.
 */
public final class ActionSession {
  private final ActionModel model;
  private final ActionTask task;
  private final ActionMode mode;
  private final TokenLayout layout;
  private final State state;
  private final TokenQueue queue;
  private final Observation observation;
  private final ActionChooser chooser;
  private final @Nullable ActionHistory history;
  private final StepTimer timer = new StepTimer();
  private double target;
  private double returnToGo;
  private long step;
  private boolean rewardDue;

  ActionSession(
      ActionModel model, ActionTask task, ActionMode mode, int window, Team team, boolean all) {
    ActionConfig config = model.config();
    if (task.actionWidth() > config.actionWidth()) {
      throw new IllegalArgumentException(
          "actions of "
              + task.actionWidth()
              + " numbers, but the model gives "
              + config.actionWidth());
    }
    this.model = model;
    this.task = task;
    this.mode = mode;
    // Vectors come with the action padded to the model's width, pictures with a single index.
    layout = TokenLayout.of(config, task.pictures() ? task.actionWidth() : config.actionWidth());
    WarmUp.begin();
    Workspace workspace = new Workspace(team);
    state = new State(model.stateLayout());
    int steps = mode == ActionMode.WINDOWED ? window : 1;
    queue = new TokenQueue(model, workspace, state, (steps + 1) * layout.tokens());
    observation = new Observation(model, task, workspace);
    chooser = new ActionChooser(model, task, layout, workspace, all);
    if (mode == ActionMode.WINDOWED) {
      observation.nothing();
      history = new ActionHistory(layout, window, observation.embedding(), config.actionChoices());
    } else {
      history = null;
    }
    reset(task.targetReturn());
  }

  /** Starts an episode that aims at the task's target return. */
  public void reset() {
    reset(task.targetReturn());
  }

  /**
   * Starts an episode.
   *
   * @param targetReturn the return to aim at, in the environment's unit
   * @throws IllegalArgumentException if it is not finite or beyond use; the session is as it was
   */
  public void reset(double targetReturn) {
    double scaled = targetReturn / task.rewardScale();
    if (!Observation.usable(scaled)) {
      throw new IllegalArgumentException("a target return of " + targetReturn);
    }
    target = scaled;
    state.reset();
    queue.clear();
    step = 0;
    rewardDue = false;
    timer.restart();
  }

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
  public boolean act(float[] values, float reward, float[] action) {
    long start = System.nanoTime();
    checkAction(action);
    double next = nextReturn(reward);
    observation.vector(values, 0, values.length);
    advance((float) next, reward / task.rewardScale());
    returnToGo = next;
    return finish(start, action);
  }

  /**
   * One control step with a picture.
   *
   * @param pixels unsigned bytes, {@code [channel][row][column]}, of the model's image shape
   * @param reward as of {@link #act(float[], float, float[])}
   * @param action as of {@link #act(float[], float, float[])}
   * @return as of {@link #act(float[], float, float[])}
   */
  public boolean act(byte[] pixels, float reward, float[] action) {
    long start = System.nanoTime();
    checkAction(action);
    double next = nextReturn(reward);
    observation.picture(pixels, 0, pixels.length);
    advance((float) next, reward / task.rewardScale());
    returnToGo = next;
    return finish(start, action);
  }

  /**
   * Runs what is known already before the next observation comes, the reward token in mode {@link
   * ActionMode#ZERO}: to be called in the idle time between two actions, or not at all. The actions
   * are the same; the next {@link #act} has fewer tokens to run, but the weights are read once
   * more.
   */
  public void settle() {
    if (mode != ActionMode.WINDOWED && queue.waiting() > 0) {
      queue.run();
    }
  }

  /**
   * Runs a step on zeros, waits for the kernels that it computed with, then runs steps so that
   * everything on their way is compiled, and resets the session. To be called before the first
   * episode.
   *
   * @param time how long to run steps, at least one; the JIT is through with small models after
   *     some seconds
   */
  public void warmUp(Duration time) {
    float[] action = new float[task.actionWidth()];
    float[] zeros = new float[task.observationWidth()];
    ImageShape shape = model.config().image();
    byte[] black = new byte[task.pictures() && shape != null ? shape.bytes() : 0];
    reset();
    warmUpStep(zeros, black, action);
    settle();
    WarmUp.complete();
    long end = System.nanoTime() + time.toNanos();
    for (boolean idle = false; System.nanoTime() < end; idle = !idle) {
      warmUpStep(zeros, black, action);
      if (idle) {
        settle();
      }
    }
    timer.clear();
    reset();
  }

  private void warmUpStep(float[] zeros, byte[] black, float[] action) {
    if (model.endsBefore(step)) {
      reset();
    }
    if (task.pictures()) {
      act(black, 0, action);
    } else {
      act(zeros, 0, action);
    }
  }

  /**
   * Sets the time a call of {@link #act} may take.
   *
   * @param nanoseconds above 0; calls that take longer return false and count as missed
   */
  public void latencyBudget(long nanoseconds) {
    timer.budget(nanoseconds);
  }

  /**
   * Sets the time from one observation to the next that the environment runs at.
   *
   * @param nanoseconds above 0; calls of {@link #act} that begin more than half a period late count
   *     as late
   */
  public void period(long nanoseconds) {
    timer.period(nanoseconds);
  }

  /**
   * Asks the system to keep the session's state in memory; see {@link ActionModel#lockPages()}.
   *
   * @return whether it does
   */
  public boolean lockPages() {
    return PageLock.lock(state.segment());
  }

  /** How long the calls of {@link #act} took; kept from episode to episode. */
  public StepTimer timer() {
    return timer;
  }

  /** Steps of this episode so far. */
  public long steps() {
    return step;
  }

  /** The return that the last step aimed at, in the environment's unit. */
  public double returnToGo() {
    return returnToGo * task.rewardScale();
  }

  /** The task. */
  public ActionTask task() {
    return task;
  }

  /** The model. */
  public ActionModel model() {
    return model;
  }

  /**
   * The logits of the last step.
   *
   * @return {@code [dimensions][choices]}; the same array at every call, valid until the next step
   */
  public float[] logits() {
    return chooser.logits();
  }

  /**
   * The action of the last step.
   *
   * @return numbers in the task's unit, or the index of a discrete one; the same array at every
   *     call, valid until the next step
   */
  public float[] action() {
    return chooser.values();
  }

  /** The recurrent state; tokens that wait for the next step are not in it. */
  State state() {
    return state;
  }

  ActionChooser chooser() {
    return chooser;
  }

  /**
   * One control step as it was recorded: observation, return-to-go and, in mode {@link
   * ActionMode#DELAYED}, the reward before it.
   *
   * @param episode the recording, whose steps are to be played in order
   * @param index number of the step, from 0
   */
  public void act(ActionEpisode episode, int index) {
    long start = System.nanoTime();
    episode.observe(index, observation);
    float scaled = episode.returns()[index];
    advance(scaled, index == 0 ? 0 : episode.rewards()[index - 1]);
    returnToGo = scaled;
    timer.add(start, System.nanoTime());
  }

  private void checkAction(float[] action) {
    if (action.length != task.actionWidth()) {
      throw new IllegalArgumentException(
          "room for " + action.length + " numbers of an action of " + task.actionWidth());
    }
  }

  private double nextReturn(float reward) {
    if (step == 0) {
      return target;
    }
    double next = returnToGo - reward / (double) task.rewardScale();
    if (!Observation.usable(next)) {
      throw new IllegalArgumentException(
          "a reward of " + reward + ", which makes the return-to-go " + next);
    }
    return task.cappedReturn() ? Math.min(next, target) : next;
  }

  /** One step, the observation embedded already; return and previous reward scaled. */
  private void advance(float scaledReturn, float previousReward) {
    model.requireStep(step);
    if (history == null) {
      if (mode == ActionMode.DELAYED && rewardDue) {
        queue.addReward(previousReward, step - 1);
      }
      queue.addState(observation.embedding(), 0, step);
      if (layout.returnToken()) {
        queue.addReturn(scaledReturn, step);
      }
    } else {
      queue.clear();
      state.reset();
      if (step > 0) {
        history.reward(step - 1, previousReward);
      }
      history.begin(step, observation.embedding(), scaledReturn);
      history.fill(queue, step);
    }
    queue.run();
    chooser.choose(queue, step);
    if (history != null) {
      history.action(step, chooser.tokens());
    }
    rewardDue = layout.rewardToken();
    if (mode == ActionMode.ZERO && rewardDue) {
      queue.addReward(0, step);
    }
    int dropEvery = model.config().stateDropEvery();
    if (dropEvery > 0 && step > 0 && step % dropEvery == 0) {
      state.reset();
      queue.clear();
      rewardDue = false;
    }
    step++;
  }

  private boolean finish(long start, float[] action) {
    System.arraycopy(chooser.values(), 0, action, 0, action.length);
    return timer.add(start, System.nanoTime());
  }
}
