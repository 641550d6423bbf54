package org.xlstm4j.cli.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.xlstm4j.cli.options.ModelOptions;
import org.xlstm4j.cli.options.TensorOptions;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.files.WholeFile;
import org.xlstm4j.loader.tensors.TensorType;
import org.xlstm4j.models.NamedTensor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tensors in, tensors out. */
@Command(
    name = "run",
    description = "Runs a model on tensors from a file and writes its outputs to a file.",
    footer = {
      "",
      "Example:",
      "  xlstm run -m MODEL --input in.safetensors --output out.safetensors"
    })
final class RunCommand extends Subcommand {
  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = "--input",
      required = true,
      paramLabel = "IN",
      description =
          "safetensors file with the inputs (input_ids; x; pixel_values; states, rtg ...; context; or"
              + " target, past, future), by the names in docs/models.")
  private Path input = Path.of("");

  @Option(
      names = "--output",
      required = true,
      paramLabel = "OUT",
      description = "safetensors file to write; replaced only by a whole one.")
  private Path output = Path.of("");

  @Mixin private TensorOptions options = new TensorOptions();

  @Override
  public boolean computes() {
    return true;
  }

  @Override
  public void run(Terminal terminal) throws IOException {
    options.check();
    WholeFile.requirePlace(output);
    List<NamedTensor> outputs = new TensorRun(model, input, options).run();
    List<SafetensorsWriter.Entry> entries = new ArrayList<>();
    for (NamedTensor tensor : outputs) {
      entries.add(new SafetensorsWriter.Entry(tensor.name(), TensorType.F32, tensor.shape()));
    }
    try (SafetensorsWriter writer = new SafetensorsWriter(output, entries, Map.of())) {
      for (NamedTensor tensor : outputs) {
        writer.write(tensor.values());
      }
      writer.finish();
    }
  }
}
