package org.xlstm4j.models.action;

/** Why a {@link GuardedSession} has stopped. */
public enum StopCause {
  /** Too many observations in a row could not be used. */
  OBSERVATIONS("too many bad observations in a row"),
  /** Too many steps in a row missed their deadline. */
  DEADLINES("too many missed deadlines in a row"),
  /** The model failed; {@link GuardedSession#failure()} has its exception. */
  FAILURE("the model failed"),
  /** {@link GuardedSession#stop()} was called. */
  CALLER("the caller stopped it");

  private final String words;

  StopCause(String words) {
    this.words = words;
  }

  /** In words, for messages. */
  @Override
  public String toString() {
    return words;
  }
}
