package org.xlstm4j.cli.commands;

import java.io.IOException;
import jdk.incubator.vector.FloatVector;
import org.xlstm4j.cli.options.JsonOption;
import org.xlstm4j.cli.output.Table;
import org.xlstm4j.cli.output.TableFormat;
import org.xlstm4j.cli.process.Processor;
import org.xlstm4j.cli.process.ProgramVersion;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.engine.Backend;
import org.xlstm4j.engine.WarmUp;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what runs, and on what. */
@Command(
    name = "version",
    description = "Shows the versions of xlstm and of its Java, and what the processor offers.",
    footer = {"", "Example:", "  xlstm version"})
final class VersionCommand extends Subcommand {
  @Mixin private JsonOption json = new JsonOption();

  @Override
  public void run(Terminal terminal) throws IOException {
    WarmUp.complete();
    Processor processor = Processor.ofMachine();
    Table table =
        new Table(
            Table.Column.text("xlstm"),
            Table.Column.text("java"),
            Table.Column.text("system"),
            Table.Column.text("processor"),
            Table.Column.text("features"),
            Table.Column.number("processors", "%d"),
            Table.Column.number("vector bits", "%d"),
            Table.Column.text("kernels"),
            Table.Column.text("onednn"),
            Table.Column.text("blas"));
    table.row(
        ProgramVersion.text(),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        processor.name(),
        String.join(" ", processor.features()),
        Runtime.getRuntime().availableProcessors(),
        FloatVector.SPECIES_PREFERRED.vectorBitSize(),
        WarmUp.description(),
        found(Backend.ONEDNN),
        found(Backend.BLAS));
    json.formatOr(TableFormat.FIELDS).write(table, terminal.out());
  }

  private static String found(Backend backend) {
    try {
      return backend.version();
    } catch (IllegalStateException e) {
      return "not found";
    }
  }
}
