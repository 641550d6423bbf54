package org.xlstm4j.engine.backends;

/** Calls of native functions. */
public final class Downcall {
  private Downcall() {}

  /**
   * A call's failure without checked exceptions, of which there are none.
   *
   * @param failure what the method handle threw
   * @return to be thrown by the caller; errors are thrown at once
   */
  public static RuntimeException failed(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException exception
        ? exception
        : new IllegalStateException(failure);
  }
}
