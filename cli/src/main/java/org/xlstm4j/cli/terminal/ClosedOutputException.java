package org.xlstm4j.cli.terminal;

import java.io.IOException;

/** Whoever read the results, as {@code head} does, has enough of them and closed the pipe. */
public final class ClosedOutputException extends IOException {
  private static final long serialVersionUID = 1L;

  public ClosedOutputException(IOException cause) {
    super("standard output is closed", cause);
  }
}
