package org.xlstm4j.cli;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.xlstm4j.cli.commands.Commands;
import org.xlstm4j.cli.commands.Subcommand;
import org.xlstm4j.cli.options.UsageException;
import org.xlstm4j.cli.process.Background;
import org.xlstm4j.cli.process.ExitStatus;
import org.xlstm4j.cli.process.Failures;
import org.xlstm4j.cli.process.OrderlyEnd;
import org.xlstm4j.cli.terminal.ClosedOutputException;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.engine.KernelPath;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The {@code xlstm} program: parses the command line, runs the command and turns what went wrong
 * into one line on standard error and an {@link ExitStatus}.
 */
@Command(
    name = "xlstm",
    description = "Runs recurrent xLSTM models on the CPU.",
    footer = {
      "",
      "Examples:",
      "  xlstm models",
      "  xlstm generate -p \"It was a dark and stormy night\"",
      "  xlstm generate --help"
    },
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  /** What the JVM makes of bytes of an argument that it cannot decode. */
  private static final char UNDECODABLE = '\ufffd';

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  private Main() {}

  /** The names of all commands. */
  static Set<String> commands() {
    return Commands.names();
  }

  /**
   * Runs a command and ends the JVM with its exit status.
   *
   * @param arguments the command and its options
   */
  public static void main(String[] arguments) {
    prepareJson();
    int status = run(Terminal.ofProcess(), arguments);
    OrderlyEnd.commandIsThrough();
    System.exit(status);
  }

  /**
   * Has {@link BigDecimal} initialized while the command line is read. It computes powers of five
   * up to 5^65536, for 30 ms of a start, and every JSON parser refers to it.
   */
  private static void prepareJson() {
    Background.start(() -> BigDecimal.ZERO);
  }

  /** Runs a command on the given streams and returns its exit status. */
  static int run(Terminal terminal, String... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].indexOf(UNDECODABLE) >= 0) {
        terminal.err().println("xlstm: " + Failures.oneLine(undecodable(i, arguments[i])));
        return ExitStatus.USAGE;
      }
    }
    // reading the annotations of one class takes milliseconds, so leave out those not asked for
    Subcommand command = arguments.length == 0 ? null : Commands.named(arguments[0]);
    if (command != null && command.computes()) {
      KernelPath.prepare();
    }
    CommandLine program = command == null ? all() : new CommandLine(command);
    String[] rest = arguments;
    if (command != null) {
      program.setCommandName("xlstm " + arguments[0]);
      rest = Arrays.copyOfRange(arguments, 1, arguments.length);
    }
    // a text may begin with @, and is no name of a file with arguments
    program.setExpandAtFiles(false);
    // nor is a text that looks like an option one
    program.setAllowOptionsAsOptionParameters(true);
    ParseResult parsed;
    try {
      parsed = program.parseArgs(rest);
    } catch (ParameterException e) {
      return wrongUsage(terminal, e.getCommandLine(), message(e));
    }
    List<CommandLine> lines = parsed.asCommandLineList();
    CommandLine line = lines.getLast();
    try {
      if (line.isUsageHelpRequested()) {
        terminal.out().write(line.getUsageMessage(CommandLine.Help.Ansi.OFF));
      } else if (line.getCommand() instanceof Subcommand parsedCommand) {
        return run(terminal, line, parsedCommand);
      } else {
        terminal.err().print(line.getUsageMessage(CommandLine.Help.Ansi.OFF));
        return ExitStatus.USAGE;
      }
      terminal.out().flush();
      return ExitStatus.DONE;
    } catch (IOException e) {
      return failed(terminal, e, false);
    }
  }

  private static int run(Terminal terminal, CommandLine line, Subcommand command) {
    try {
      command.run(terminal);
      terminal.out().flush();
      return ExitStatus.DONE;
    } catch (UsageException e) {
      return wrongUsage(terminal, line, e.getMessage());
    } catch (Exception | VirtualMachineError e) {
      return failed(terminal, e, command.debug());
    }
  }

  private static String undecodable(int index, String argument) {
    return "argument "
        + (index + 1)
        + ", '"
        + argument
        + "', holds bytes that are no text in this locale, expected UTF-8 (locale -a lists what"
        + " LC_ALL can be); a prompt can also come from standard input";
  }

  /** The program with all commands, for its help and for what is none of them. */
  private static CommandLine all() {
    CommandLine program = new CommandLine(new Main());
    for (String name : Commands.names()) {
      program.addSubcommand(name, Commands.named(name));
    }
    return program;
  }

  private static int wrongUsage(Terminal terminal, CommandLine line, String message) {
    String command = line.getCommandSpec().qualifiedName();
    terminal.err().println(command + ": " + message + " (" + command + " --help tells more)");
    return ExitStatus.USAGE;
  }

  private static int failed(Terminal terminal, Throwable failure, boolean debug) {
    if (failure instanceof ClosedOutputException
        || failure.getCause() instanceof ClosedOutputException) {
      return ExitStatus.DONE;
    }
    terminal.err().println("xlstm: " + Failures.line(failure));
    if (debug) {
      failure.printStackTrace(terminal.err());
    }
    return ExitStatus.FAILED;
  }

  private static String message(ParameterException failure) {
    if (failure instanceof UnmatchedArgumentException unmatched
        && failure.getCommandLine().getCommand() instanceof Main) {
      String known = String.join(", ", unmatched.getSuggestions());
      return "no command '"
          + unmatched.getUnmatched().getFirst()
          + "'"
          + (known.isEmpty() ? "" : "; did you mean " + known + "?");
    }
    // a mistyped option leaves a required one missing: name what was typed
    List<String> unknown = failure.getCommandLine().getUnmatchedArguments();
    return unknown.isEmpty()
        ? Failures.oneLine(String.valueOf(failure.getMessage()))
        : "unknown " + Failures.oneLine(String.join(" ", unknown));
  }
}
