package org.xlstm4j.cli.options;

import org.xlstm4j.engine.threads.Team;
import picocli.CommandLine.Option;

/** The option of commands that compute. */
public final class ThreadsOption {
  private static final int MOST = 1024;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads to compute with (default: physical cores).")
  private int threads;

  /** The threads to compute with. */
  public Team team() {
    return threads == 0 ? Team.ofPhysicalCores() : of("--threads", threads);
  }

  /** The threads to compute with, or a team of this size if none were asked for. */
  Team teamOr(int otherwise) {
    return threads == 0 ? Team.of(otherwise) : team();
  }

  /** A team of a size that an option gives. */
  public static Team of(String option, int size) {
    if (size < 1 || size > MOST) {
      throw new UsageException(option + " is " + size + ", expected 1 to " + MOST);
    }
    return Team.of(size);
  }
}
