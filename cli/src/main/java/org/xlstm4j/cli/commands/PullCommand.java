package org.xlstm4j.cli.commands;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.hub.HubEnvironment;
import org.xlstm4j.cli.hub.HubName;
import org.xlstm4j.cli.hub.ModelCache;
import org.xlstm4j.cli.hub.Pull;
import org.xlstm4j.cli.options.UsageException;
import org.xlstm4j.cli.output.Table;
import org.xlstm4j.cli.output.TableFormat;
import org.xlstm4j.cli.terminal.Progress;
import org.xlstm4j.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Downloads a published model. */
@Command(
    name = "pull",
    description = "Downloads a published model, and prints the folder it is in.",
    footer = {
      "",
      "The hub and the cache are those of Hugging Face's tools: HF_ENDPOINT, HF_HOME,",
      "HF_HUB_CACHE, HF_TOKEN. What is there already is not downloaded again.",
      "",
      "Examples:",
      "  xlstm pull NX-AI/TiRex",
      "  xlstm forecast -m NX-AI/TiRex data.csv --column sales --horizon 12"
    })
final class PullCommand extends Subcommand {
  private static final int MEGABYTE = 1_000_000;

  @Parameters(
      paramLabel = "ORG/NAME[@REVISION]",
      description = "The model, and a branch, tag or commit.")
  private String model = "";

  @Option(names = "--all", description = "Get every file, not just those needed to run the model.")
  private boolean everything;

  @Option(names = "--offline", description = "Use only what is there, and no network.")
  private boolean offline;

  @Option(names = "--json", description = "Write a JSON object instead of the folder.")
  private boolean json;

  @Override
  public void run(Terminal terminal) throws IOException {
    HubName name = HubName.parse(model);
    if (name == null) {
      throw new UsageException(
          "'"
              + model
              + "' is no name of a published model, expected ORG/NAME or ORG/NAME@REVISION");
    }
    HubEnvironment environment = HubEnvironment.ofProcess();
    if (offline || environment.offline()) {
      write(terminal, name, found(environment, name), null);
      return;
    }
    Pull.Result result;
    try (Progress progress = new Progress(terminal, name + ", megabytes")) {
      result =
          new Pull(environment, name, everything)
              .run((done, total) -> progress.update(done / MEGABYTE, total / MEGABYTE));
    }
    write(terminal, name, result.folder(), result);
    if (terminal.progress()) {
      terminal.err().println("To use it: -m " + name);
    }
  }

  private static Path found(HubEnvironment environment, HubName name) throws IOException {
    Path folder = new ModelCache(environment.cache(), name).find();
    if (folder == null) {
      throw new IOException(
          name + ": not in " + environment.cache() + ", and the network is not to be used");
    }
    return folder;
  }

  private void write(Terminal terminal, HubName name, Path folder, Pull.@Nullable Result result)
      throws IOException {
    if (!json) {
      terminal.out().write(folder + "\n");
      return;
    }
    Table table =
        new Table(
            Table.Column.text("model"),
            Table.Column.text("revision"),
            Table.Column.text("commit"),
            Table.Column.text("folder"),
            Table.Column.number("files", "%d"),
            Table.Column.number("bytes", "%d"),
            Table.Column.number("received", "%d"));
    table.row(
        name.repository(),
        name.revision(),
        folder.getFileName().toString(),
        folder.toString(),
        result == null ? null : result.files(),
        result == null ? null : result.bytes(),
        result == null ? null : result.received());
    TableFormat.JSON.write(table, terminal.out());
  }
}
