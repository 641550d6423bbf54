package org.xlstm4j.cli.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.xlstm4j.cli.options.JsonOption;
import org.xlstm4j.cli.options.ModelOptions;
import org.xlstm4j.cli.options.TensorOptions;
import org.xlstm4j.cli.output.Table;
import org.xlstm4j.cli.output.TableFormat;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.models.NamedTensor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares a model's outputs with stored ones. */
@Command(
    name = "verify",
    description = "Runs a model on stored inputs and compares with the outputs stored there.",
    footer = {"", "Example:", "  xlstm verify -m MODEL reference.safetensors --tolerance 1e-4"})
final class VerifyCommand extends Subcommand {
  @Mixin private ModelOptions model = new ModelOptions();
  @Mixin private JsonOption json = new JsonOption();
  @Mixin private TensorOptions options = new TensorOptions();

  @Parameters(paramLabel = "REFERENCE", description = "safetensors file: inputs and outputs.")
  private Path reference = Path.of("");

  @Option(
      names = "--tolerance",
      paramLabel = "T",
      defaultValue = "1e-3",
      description =
          "Largest error allowed, relative to the tensor's largest value (default:"
              + " ${DEFAULT-VALUE}).")
  private double tolerance;

  @Override
  public void run(Terminal terminal) throws IOException {
    List<NamedTensor> outputs = new TensorRun(model, reference, options).run();
    Table table =
        new Table(
            Table.Column.text("tensor"),
            Table.Column.number("values", "%d"),
            Table.Column.number("largest error", "%.3g"),
            Table.Column.number("median error", "%.3g"),
            Table.Column.text("verdict"));
    int compared = 0;
    int wrong = 0;
    try (Checkpoint stored = Checkpoint.open(reference)) {
      for (NamedTensor output : outputs) {
        Tensor expected = stored.find(output.name());
        if (expected != null) {
          double[] errors = errors(expected, output);
          double largest = errors[errors.length - 1];
          boolean good = largest <= tolerance;
          compared++;
          wrong += good ? 0 : 1;
          table.row(
              output.name(),
              errors.length,
              largest,
              errors[errors.length / 2],
              good ? "equal" : "DIFFERENT");
        }
      }
    }
    if (compared == 0) {
      throw new IOException(
          reference + ": none of the outputs is there, expected " + outputs.getFirst().name());
    }
    json.formatOr(TableFormat.TEXT).write(table, terminal.out());
    terminal.out().flush();
    if (wrong > 0) {
      throw new IOException(
          reference
              + ": "
              + wrong
              + (wrong == 1 ? " tensor differs" : " tensors differ")
              + " by more than the tolerance "
              + tolerance);
    }
  }

  /** Sorted absolute errors, relative to the largest expected value; not a number is infinite. */
  private static double[] errors(Tensor expected, NamedTensor actual) throws IOException {
    float[] values = expected.toFloats();
    if (values.length != actual.values().length || values.length == 0) {
      throw ModelFormatException.of(
          expected.file(),
          "tensor " + expected.name(),
          actual.shape().toString(),
          Arrays.toString(expected.shape()));
    }
    double scale = Double.MIN_NORMAL;
    for (float value : values) {
      scale = Math.max(scale, Math.abs(value));
    }
    double[] errors = new double[values.length];
    for (int i = 0; i < errors.length; i++) {
      double error = Math.abs((double) values[i] - actual.values()[i]) / scale;
      errors[i] = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }
    Arrays.sort(errors);
    return errors;
  }
}
