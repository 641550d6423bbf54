package org.xlstm4j.cli.commands;

import org.xlstm4j.cli.options.UsageException;
import org.xlstm4j.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A command of the {@code xlstm} program. A subclass carries picocli's {@code @Command} with a
 * description and, in its footer, an example; its options are fields; {@link Commands} lists it.
 */
@Command(synopsisHeading = "Usage: ", optionListHeading = "%nOptions:%n", sortOptions = false)
public abstract class Subcommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      order = 1000,
      description = "Show this help.")
  boolean help;

  @Option(names = "--debug", order = 1001, description = "Show the stack trace of an error.")
  private boolean debug;

  /** Whether an error is shown with its stack trace. */
  public final boolean debug() {
    return debug;
  }

  /** Whether the command computes, so that kernels can be made while its options are read. */
  public boolean computes() {
    return false;
  }

  /**
   * Does the command's work.
   *
   * @param terminal takes the results on its output and all else on its error stream
   * @throws UsageException if the options are wrong in a way that only the command can see
   * @throws Exception if the work failed; its message, one line, is what the user reads
   */
  public abstract void run(Terminal terminal) throws Exception;
}
