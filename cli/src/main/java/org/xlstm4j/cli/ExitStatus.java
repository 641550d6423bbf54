package org.xlstm4j.cli;

/** What the program's exit status says. An interrupted JVM ends with 130 by itself. */
final class ExitStatus {
  /** The work was done. */
  static final int DONE = 0;

  /** The work failed: a bad file, a missing model. */
  static final int FAILED = 1;

  /** The command line is wrong. */
  static final int USAGE = 2;

  private ExitStatus() {}
}
