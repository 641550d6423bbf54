package org.xlstm4j.models.action;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A session that keeps acting when something goes wrong: it bridges observations that cannot be
 * used, keeps actions within limits, counts missed deadlines, and gives a fallback action once the
 * model cannot be relied on. {@link GuardState} has its states.
 *
 * <p>Every action is within the limits: the model's actions, held ones and the fallback. With a
 * limit of the rate the fallback is approached step by step; with a limit of the jerk a held action
 * comes to rest first. The first action is limited by its value alone, unless {@link #startFrom}
 * says where the robot is. The first action of a later episode is limited from the last action,
 * since actuators do not jump between episodes. The model does not learn how the limits changed its
 * action.
 *
 * <p>The rewards of steps that the model did not see are added to the next one's, except those that
 * came with an observation that the model refused. If the model refuses their sum, they are
 * dropped, so that a wrong reward does not keep it from the observations after it.
 *
 * <p>An exception or error that the model throws, other than the refusal of an observation, stops
 * this session and no other: sessions share nothing that changes. Without a fallback a session that
 * has stopped throws {@link IllegalStateException} at every step.
 *
 * <p>Not thread-safe, as any session. Nothing is allocated after the first step, unless the model
 * refuses or throws.
 */
public final class GuardedSession implements ActionSession {
  private final ActionSession session;
  private final GuardOptions options;
  private final LongSupplier clock;
  private final StepTimer timer = new StepTimer();
  private final ActionLimiter limiter;
  private final LastObservation last;
  private final boolean replaces;
  private final int mostBad;
  private final float[] fallback;
  private final float[] wanted;
  private final float[] given;
  private GuardState state = GuardState.IDLE;
  private @Nullable StopCause cause;
  private @Nullable Throwable failure;
  private float unseenReward;
  private int badInARow;
  private int missedInARow;
  private long held;
  private long limited;

  /**
   * Guards a session, which is used through the guard alone from now on.
   *
   * @param session at the start of an episode
   * @param options what is watched over
   * @throws IllegalArgumentException if limits or fallback do not fit the session's task
   */
  public GuardedSession(ActionSession session, GuardOptions options) {
    this(session, options, System::nanoTime);
  }

  /**
   * Guards a session by a clock of the caller's, as to play a recording with its own times.
   *
   * @param session at the start of an episode
   * @param options what is watched over
   * @param clock nanoseconds; asked when a step begins and when the model is through
   * @throws IllegalArgumentException if limits or fallback do not fit the session's task
   */
  public GuardedSession(ActionSession session, GuardOptions options, LongSupplier clock) {
    options.requireFit(session.task());
    this.session = session;
    this.options = options;
    this.clock = clock;
    limiter = new ActionLimiter(options.limits());
    BadObservation policy = options.badObservation();
    replaces = !(policy instanceof BadObservation.Reject);
    last = new LastObservation(session, policy instanceof BadObservation.Last);
    mostBad =
        switch (policy) {
          case BadObservation.Reject() -> 0;
          case BadObservation.Hold(int most) -> most;
          case BadObservation.Last(int most) -> most;
        };
    fallback = new float[options.fallback().size()];
    for (int i = 0; i < fallback.length; i++) {
      fallback[i] = options.fallback().get(i);
    }
    wanted = new float[session.task().actionWidth()];
    given = new float[wanted.length];
  }

  @Override
  public void reset() {
    reset(task().targetReturn());
  }

  /** Starts an episode, also after a stop: whoever calls it has seen to the cause. */
  @Override
  public void reset(double targetReturn) {
    session.reset(targetReturn);
    state = state.after(GuardState.Event.RESET);
    cause = null;
    failure = null;
    last.forget();
    unseenReward = 0;
    badInARow = 0;
    missedInARow = 0;
    timer.restart();
  }

  /**
   * Says where the robot is, so that the rate and jerk of the next action are limited from there.
   *
   * @param action within the limits, at rest; for instance where the last program left it
   * @throws IllegalArgumentException if it is not as long as an action, not finite or beyond a
   *     limit, or if the task's actions are discrete
   */
  public void startFrom(float... action) {
    if (task().discrete()) {
      throw new IllegalArgumentException("discrete actions have no position to start from");
    }
    requireRoom(action);
    for (int i = 0; i < action.length; i++) {
      boolean fits = options.limits().isEmpty() || options.limits().get(i).permits(action[i]);
      if (!Float.isFinite(action[i]) || !fits) {
        throw new IllegalArgumentException(
            "action[" + i + "] is " + action[i] + ", expected a number within the limits");
      }
    }
    System.arraycopy(action, 0, given, 0, given.length);
    limiter.rest(given);
  }

  /**
   * Takes over the robot from another session: rate and jerk of the next action are limited from
   * the last action of that one, and its changes. If there is none, if one of the two has discrete
   * actions, or if their widths differ, nothing happens. An action beyond this session's bounds is
   * within them at the next step, whatever the rate.
   *
   * @param other the session that drove the robot until now
   */
  public void continueFrom(GuardedSession other) {
    boolean alike = !task().discrete() && !other.task().discrete();
    if (alike && given.length == other.given.length && other.limiter.placed()) {
      System.arraycopy(other.given, 0, given, 0, given.length);
      limiter.continueFrom(other.limiter, given);
    }
  }

  /**
   * One control step with a vector observation, as of the session, but bad ones are replaced as the
   * options say.
   *
   * @return whether the call stayed within the latency budget
   * @throws IllegalArgumentException if the observation or reward cannot be used and there is
   *     nothing to take its place; the session is as it was before the call
   * @throws IllegalStateException if the session has stopped and has no fallback
   */
  @Override
  public boolean act(float[] values, float reward, float[] action) {
    return step(values, null, reward, action);
  }

  /** One control step with a picture; as of {@link #act(float[], float, float[])}. */
  @Override
  public boolean act(byte[] pixels, float reward, float[] action) {
    return step(null, pixels, reward, action);
  }

  /**
   * One control step for which no observation came: it is a bad one.
   *
   * @param reward as of {@link #act(float[], float, float[])}
   * @param action as of {@link #act(float[], float, float[])}
   * @return as of {@link #act(float[], float, float[])}
   */
  public boolean actWithoutObservation(float reward, float[] action) {
    return step(null, null, reward, action);
  }

  private boolean step(
      float @Nullable [] values, byte @Nullable [] pixels, float reward, float[] action) {
    long start = clock.getAsLong();
    requireRoom(action);
    long seen = session.steps();
    if (state != GuardState.STOPPED) {
      decide(values, pixels, reward);
    }
    boolean inTime = give(start, seen);
    System.arraycopy(given, 0, action, 0, action.length);
    return inTime;
  }

  /**
   * Counts the time of a step and gives what is wanted, or the fallback.
   *
   * @param start of the step
   * @param seen steps that the model had seen before
   */
  private boolean give(long start, long seen) {
    long end = clock.getAsLong();
    long late = timer.late();
    boolean inTime = timer.add(start, end);
    if (session.steps() > seen && state != GuardState.STOPPED) {
      missedInARow = inTime && timer.late() == late ? 0 : oneMore(missedInARow);
      if (missedInARow >= options.mostMissed()) {
        stop(StopCause.DEADLINES, null);
      }
    }
    if (state == GuardState.STOPPED) {
      takeFallback();
    }
    if (!limiter.lead(wanted, given)) {
      limited++;
    }
    return inTime;
  }

  /** Never as many as {@link Integer#MAX_VALUE}, which stand for no limit. */
  static int oneMore(int missed) {
    return Math.min(missed, Integer.MAX_VALUE - 2) + 1;
  }

  /** The action that is wanted, from what the model makes of the observation or in its place. */
  private void decide(float @Nullable [] values, byte @Nullable [] pixels, float reward) {
    if (replaces && !wellFormed(values, pixels, reward)) {
      replace(reward, null);
      return;
    }
    try {
      show(values, pixels, reward);
      if (values != null) {
        last.keep(values);
      } else if (pixels != null) {
        last.keep(pixels);
      }
      acted(GuardState.Event.ACTED);
      badInARow = 0;
    } catch (IllegalArgumentException e) {
      if (!replaces) {
        throw e;
      }
      replace(reward, e);
    } catch (RuntimeException | Error e) {
      stop(StopCause.FAILURE, e);
    }
  }

  /** Has the model act, with the rewards that it did not see unless it refuses them. */
  private void show(float @Nullable [] values, byte @Nullable [] pixels, float reward) {
    try {
      send(values, pixels, unseenReward + reward);
    } catch (IllegalArgumentException e) {
      if (unseenReward == 0) {
        throw e;
      }
      send(values, pixels, reward);
    }
  }

  private void send(float @Nullable [] values, byte @Nullable [] pixels, float reward) {
    if (values != null) {
      session.act(values, reward, wanted);
    } else if (pixels != null) {
      session.act(pixels, reward, wanted);
    } else {
      throw new IllegalArgumentException("no observation");
    }
  }

  /** The model chose what is wanted. */
  private void acted(GuardState.Event event) {
    unseenReward = 0;
    for (float value : wanted) {
      if (!Float.isFinite(value)) {
        throw new IllegalStateException("the model's action is " + value);
      }
    }
    state = state.after(event);
  }

  private boolean wellFormed(float @Nullable [] values, byte @Nullable [] pixels, float reward) {
    if (session.steps() > 0 && !Float.isFinite(reward)) {
      return false;
    }
    if (values == null) {
      return pixels != null;
    }
    if (values.length != task().observationWidth()) {
      return false;
    }
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  private void replace(float reward, @Nullable IllegalArgumentException refusal) {
    boolean first = state == GuardState.IDLE;
    if (first && fallback.length == 0) {
      throw refusal != null
          ? refusal
          : new IllegalArgumentException(
              "an observation or a reward that cannot be used, and no action to hold yet");
    }
    badInARow++;
    held++;
    if (badInARow > mostBad) {
      stop(StopCause.OBSERVATIONS, refusal);
      return;
    }
    float own = refusal == null && session.steps() > 0 && Float.isFinite(reward) ? reward : 0;
    if (last.known()) {
      try {
        show(last.values(), last.pixels(), own);
        acted(GuardState.Event.REPLACED);
        return;
      } catch (IllegalArgumentException e) {
        // not even with the observation before: the action is held
      } catch (RuntimeException | Error e) {
        stop(StopCause.FAILURE, e);
        return;
      }
    }
    unseenReward += own;
    System.arraycopy(first ? fallback : given, 0, wanted, 0, wanted.length);
    state = state.after(GuardState.Event.REPLACED);
  }

  private void takeFallback() {
    if (fallback.length == 0) {
      throw new IllegalStateException("stopped, and no fallback: " + reason(), failure);
    }
    System.arraycopy(fallback, 0, wanted, 0, wanted.length);
  }

  private void stop(StopCause why, @Nullable Throwable thrown) {
    state = state.after(GuardState.Event.STOP);
    cause = why;
    failure = thrown;
  }

  private void requireRoom(float[] action) {
    if (action.length != given.length) {
      throw new IllegalArgumentException(
          "room for " + action.length + " numbers of an action of " + given.length);
    }
  }

  /** Stops the session: every action is the fallback from now on, until a reset. */
  public void stop() {
    if (state != GuardState.STOPPED) {
      stop(StopCause.CALLER, null);
    }
  }

  /** The state after the last call. */
  public GuardState state() {
    return state;
  }

  /**
   * Why the session has stopped.
   *
   * @return null unless it has
   */
  public @Nullable StopCause cause() {
    return cause;
  }

  /**
   * What the model threw when it failed, or said of the observation that was one too many.
   *
   * @return null if it threw nothing
   */
  public @Nullable Throwable failure() {
    return failure;
  }

  /** Steps whose observation could not be used; kept from episode to episode. */
  public long held() {
    return held;
  }

  /** Steps whose action was changed by a limit; kept from episode to episode. */
  public long limited() {
    return limited;
  }

  /** Steps in a row, up to the last one, that missed their deadline. */
  public int missedInARow() {
    return missedInARow;
  }

  /** What is watched over. */
  public GuardOptions options() {
    return options;
  }

  private String reason() {
    return failure == null ? String.valueOf(cause) : cause + ": " + failure.getMessage();
  }

  /** As of the session; a failure stops it. */
  @Override
  public void settle() {
    if (state != GuardState.STOPPED) {
      try {
        session.settle();
      } catch (RuntimeException | Error e) {
        stop(StopCause.FAILURE, e);
      }
    }
  }

  @Override
  public void warmUp(Duration time) {
    session.warmUp(time);
    timer.clear();
    reset();
  }

  /** The deadline of a step. */
  @Override
  public void latencyBudget(long nanoseconds) {
    timer.budget(nanoseconds);
  }

  /**
   * The time from one observation to the next. A step whose observation comes more than half of it
   * late has missed its deadline, too.
   */
  @Override
  public void period(long nanoseconds) {
    timer.period(nanoseconds);
  }

  @Override
  public boolean lockPages() {
    return session.lockPages();
  }

  /** How long the steps took, those without the model included. */
  @Override
  public StepTimer timer() {
    return timer;
  }

  /** Steps of this episode that the model has seen. */
  @Override
  public long steps() {
    return session.steps();
  }

  @Override
  public double returnToGo() {
    return session.returnToGo();
  }

  @Override
  public ActionTask task() {
    return session.task();
  }

  @Override
  public ActionModel model() {
    return session.model();
  }

  /** The logits of the last step that the model saw. */
  @Override
  public float[] logits() {
    return session.logits();
  }

  /** The action that was last given out. */
  @Override
  public float[] action() {
    return given;
  }

  /**
   * A recorded step, watched over as any other, but for the observation: one that is refused
   * throws.
   *
   * @throws IllegalArgumentException if the model refuses the step
   * @throws IllegalStateException if the session has stopped and has no fallback
   */
  @Override
  public void act(ActionEpisode episode, int index) {
    long start = clock.getAsLong();
    long seen = session.steps();
    if (state != GuardState.STOPPED) {
      try {
        session.act(episode, index);
        System.arraycopy(session.action(), 0, wanted, 0, wanted.length);
        acted(GuardState.Event.ACTED);
      } catch (IllegalArgumentException e) {
        throw e;
      } catch (RuntimeException | Error e) {
        stop(StopCause.FAILURE, e);
      }
    }
    boolean unused = give(start, seen);
  }
}
