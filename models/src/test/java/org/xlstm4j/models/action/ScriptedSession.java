package org.xlstm4j.models.action;

import java.time.Duration;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A session whose actions a test chooses: by the number of the step, or an exception. */
final class ScriptedSession implements ActionSession {
  private final ActionTask task;
  private final IntFunction<float[]> script;
  private final StepTimer timer = new StepTimer();
  private float[] action;
  private int steps;
  private double returnToGo;

  /** Receives what the session was given in its last step. */
  float @Nullable [] observed;

  ScriptedSession(ActionTask task, IntFunction<float[]> script) {
    this.task = task;
    this.script = script;
    action = new float[task.actionWidth()];
    returnToGo = task.targetReturn();
  }

  /** Actions of one number, observations of two. */
  static ScriptedSession of(IntFunction<float[]> script) {
    return new ScriptedSession(ActionTask.ofVectors(2, 1, 1, 100), script);
  }

  @Override
  public void reset() {
    reset(task.targetReturn());
  }

  @Override
  public void reset(double targetReturn) {
    steps = 0;
    returnToGo = targetReturn;
  }

  @Override
  public boolean act(float[] values, float reward, float[] receiver) {
    if (values.length != task.observationWidth()) {
      throw new IllegalArgumentException("an observation of " + values.length + " numbers");
    }
    for (float value : values) {
      if (!(Math.abs(value) <= 1e15f)) {
        throw new IllegalArgumentException("observation is " + value);
      }
    }
    if (steps > 0 && !(Math.abs(returnToGo - reward) <= 1e15)) {
      throw new IllegalArgumentException("reward is " + reward);
    }
    action = script.apply(steps);
    if (steps > 0) {
      returnToGo -= reward;
    }
    steps++;
    observed = values.clone();
    System.arraycopy(action, 0, receiver, 0, receiver.length);
    return true;
  }

  @Override
  public boolean act(byte[] pixels, float reward, float[] receiver) {
    throw new IllegalArgumentException("a picture");
  }

  @Override
  public void act(ActionEpisode episode, int index) {
    action = script.apply(index);
    steps++;
  }

  @Override
  public void settle() {
    // a script has no tokens to run
  }

  @Override
  public void warmUp(Duration time) {
    reset();
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
    return false;
  }

  @Override
  public StepTimer timer() {
    return timer;
  }

  @Override
  public long steps() {
    return steps;
  }

  @Override
  public double returnToGo() {
    return returnToGo;
  }

  @Override
  public ActionTask task() {
    return task;
  }

  @Override
  public ActionModel model() {
    throw new UnsupportedOperationException("a script has no model");
  }

  @Override
  public float[] logits() {
    return new float[0];
  }

  @Override
  public float[] action() {
    return action;
  }
}
