package org.xlstm4j.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Runs several commands in one JVM. The image's build uses it to record for the ahead-of-time cache
 * the classes that the commands load.
 */
@Command(
    name = RehearseCommand.NAME,
    hidden = true,
    description = "Runs several commands, each given as one argument, in one JVM.",
    footer = {"", "Example:", "  xlstm rehearse version 'models --json'"})
final class RehearseCommand extends Subcommand {
  static final String NAME = "rehearse";

  @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "A command and its options.")
  private List<String> commands = new ArrayList<>();

  @Override
  void run(Terminal terminal) throws Exception {
    for (String command : commands) {
      int status = Main.run(terminal, command.split(" "));
      if (status != ExitStatus.DONE) {
        throw new IllegalStateException("'" + command + "' ended with status " + status);
      }
    }
  }
}
