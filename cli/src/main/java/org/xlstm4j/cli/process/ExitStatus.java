package org.xlstm4j.cli.process;

/** What the program's exit status says. An interrupted JVM ends with 130 by itself. */
public final class ExitStatus {
  /** The work was done. */
  public static final int DONE = 0;

  /** The work failed: a bad file, a missing model. */
  public static final int FAILED = 1;

  /** The command line is wrong. */
  public static final int USAGE = 2;

  private ExitStatus() {}
}
