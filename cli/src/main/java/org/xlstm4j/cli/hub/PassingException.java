package org.xlstm4j.cli.hub;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The network or a server failed in a way that may be over soon. */
final class PassingException extends IOException {
  private static final long serialVersionUID = 1L;

  private final @Nullable Duration wait;

  private PassingException(String message, @Nullable Throwable cause, @Nullable Duration wait) {
    super(message, cause);
    this.wait = wait;
  }

  PassingException(String message) {
    this(message, null, null);
  }

  PassingException(String message, Throwable cause) {
    this(message, cause, null);
  }

  /**
   * A failure whose end the server may foretell.
   *
   * @param wait how long to wait, or null if it does not say
   */
  PassingException(String message, @Nullable Duration wait) {
    this(message, null, wait);
  }

  /** The same failure, with what was going on at the begin of its message. */
  PassingException during(String what) {
    return new PassingException(what + ": " + getMessage(), this, wait);
  }

  /** How long the server asks to wait, or null. */
  @Nullable Duration waitAsked() {
    return wait;
  }
}
