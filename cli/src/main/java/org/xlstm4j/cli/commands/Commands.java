package org.xlstm4j.cli.commands;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Every command by its name: the one place that knows them all. */
public final class Commands {
  /** In the order in which the help lists them. */
  private static final Map<String, Supplier<Subcommand>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("generate", GenerateCommand::new);
    ALL.put("chat", ChatCommand::new);
    ALL.put("perplexity", PerplexityCommand::new);
    ALL.put("inspect", InspectCommand::new);
    ALL.put("bench", BenchCommand::new);
    ALL.put("run", RunCommand::new);
    ALL.put("verify", VerifyCommand::new);
    ALL.put("quantize", QuantizeCommand::new);
    ALL.put("tokenize", TokenizeCommand::new);
    ALL.put("classify", ClassifyCommand::new);
    ALL.put("act", ActCommand::new);
    ALL.put("forecast", ForecastCommand::new);
    ALL.put("embed", EmbedCommand::new);
    ALL.put("fit", FitCommand::new);
    ALL.put("serve", ServeCommand::new);
    ALL.put("pull", PullCommand::new);
    ALL.put("models", ModelsCommand::new);
    ALL.put("version", VersionCommand::new);
  }

  private Commands() {}

  /** The names of all commands, in the order in which the help lists them. */
  public static Set<String> names() {
    return Collections.unmodifiableSet(ALL.keySet());
  }

  /**
   * A command whose options are still to be read.
   *
   * @param name of the command
   * @return the command, or null if there is none of that name
   */
  public static @Nullable Subcommand named(String name) {
    Supplier<Subcommand> command = ALL.get(name);
    return command == null ? null : command.get();
  }
}
