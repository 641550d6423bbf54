package org.xlstm4j.models.lram;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.system.PageLock;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.models.action.ActionEpisode;
import org.xlstm4j.models.action.ActionMode;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.ActionSession;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.action.ImageShape;
import org.xlstm4j.models.action.StepTimer;

/** One environment: tokens of observations, returns and rewards through the blocks. */
final class LramSession implements ActionSession {
  private final LramModel model;
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

  LramSession(
      LramModel model, ActionTask task, ActionMode mode, int window, Team team, boolean all) {
    LramConfig config = model.config();
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

  @Override
  public void reset() {
    reset(task.targetReturn());
  }

  @Override
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

  @Override
  public boolean act(float[] values, float reward, float[] action) {
    long start = System.nanoTime();
    checkAction(action);
    double next = nextReturn(reward);
    observation.vector(values, 0, values.length);
    advance((float) next, reward / task.rewardScale());
    returnToGo = next;
    return finish(start, action);
  }

  @Override
  public boolean act(byte[] pixels, float reward, float[] action) {
    long start = System.nanoTime();
    checkAction(action);
    double next = nextReturn(reward);
    observation.picture(pixels, 0, pixels.length);
    advance((float) next, reward / task.rewardScale());
    returnToGo = next;
    return finish(start, action);
  }

  @Override
  public void settle() {
    if (mode != ActionMode.WINDOWED && queue.waiting() > 0) {
      queue.run();
    }
  }

  @Override
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

  @Override
  public void latencyBudget(long nanoseconds) {
    timer.budget(nanoseconds);
  }

  @Override
  public void period(long nanoseconds) {
    timer.period(nanoseconds);
  }

  @Override
  public boolean lockPages() {
    return PageLock.lock(state.segment());
  }

  @Override
  public StepTimer timer() {
    return timer;
  }

  @Override
  public long steps() {
    return step;
  }

  @Override
  public double returnToGo() {
    return returnToGo * task.rewardScale();
  }

  @Override
  public ActionTask task() {
    return task;
  }

  @Override
  public ActionModel model() {
    return model;
  }

  @Override
  public float[] logits() {
    return chooser.logits();
  }

  @Override
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

  @Override
  public void act(ActionEpisode episode, int index) {
    long start = System.nanoTime();
    observation.of(episode, index);
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
