package org.xlstm4j.models.action;

/**
 * The state of a {@link GuardedSession}. What happens in a step leads from one to the next:
 *
 * <table>
 *   <caption>Transitions</caption>
 *   <tr><th>from</th><th>ACTED</th><th>REPLACED</th><th>STOP</th><th>RESET</th></tr>
 *   <tr><td>IDLE</td><td>RUNNING</td><td>HELD</td><td>STOPPED</td><td>IDLE</td></tr>
 *   <tr><td>RUNNING</td><td>RUNNING</td><td>HELD</td><td>STOPPED</td><td>IDLE</td></tr>
 *   <tr><td>HELD</td><td>RUNNING</td><td>HELD</td><td>STOPPED</td><td>IDLE</td></tr>
 *   <tr><td>STOPPED</td><td>STOPPED</td><td>STOPPED</td><td>STOPPED</td><td>IDLE</td></tr>
 * </table>
 *
 * <p>What is refused with an exception while the session goes on is no event: the state stays.
 */
public enum GuardState {
  /** An episode is to begin: it has no action yet. */
  IDLE,
  /** The last action is the model's, from the observation of its step. */
  RUNNING,
  /** The last observation could not be used; something took its place. */
  HELD,
  /** The model is out of control: every action is the fallback, until a reset. */
  STOPPED;

  /** What happens to a session. */
  public enum Event {
    /** The model chose an action from the observation of the step. */
    ACTED,
    /** The observation could not be used and was replaced. */
    REPLACED,
    /** The model failed, a count ran out or the caller wished so. */
    STOP,
    /** An episode begins. */
    RESET
  }

  /**
   * The state after an event. All transitions are here.
   *
   * @param event what happens in this state
   * @return the next state
   */
  public GuardState after(Event event) {
    return switch (event) {
      case RESET -> IDLE;
      case STOP -> STOPPED;
      case ACTED -> this == STOPPED ? STOPPED : RUNNING;
      case REPLACED -> this == STOPPED ? STOPPED : HELD;
    };
  }
}
