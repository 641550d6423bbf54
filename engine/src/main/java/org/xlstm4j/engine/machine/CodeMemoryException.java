package org.xlstm4j.engine.machine;

/** The system gives no memory for machine code. The message says why, for users. */
final class CodeMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CodeMemoryException(String message) {
    super(message);
  }
}
