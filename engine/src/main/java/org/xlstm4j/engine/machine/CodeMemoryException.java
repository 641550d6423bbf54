package org.xlstm4j.engine.machine;

/** The system gives no memory for machine code. */
final class CodeMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String reason;

  CodeMemoryException(String reason) {
    super(reason);
    this.reason = reason;
  }

  /** Why, for users. */
  String reason() {
    return reason;
  }
}
