package org.xlstm4j.cli.options;

import java.util.Map;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.models.ModelOption;
import picocli.CommandLine.Option;

/** The option that chooses the numbers in which scalar cells run. */
public final class CellOption {
  @Option(
      names = "--cell",
      paramLabel = "f32|bf16",
      defaultValue = "f32",
      description =
          "Forecasters whose original rounds on CPUs: 32-bit cell, or rounding as it does (default:"
              + " ${DEFAULT-VALUE}).")
  private String cell = "f32";

  /** The numbers in which scalar cells run. */
  public SlstmCell.Arithmetic arithmetic() {
    return switch (cell) {
      case "f32" -> SlstmCell.Arithmetic.FLOAT32;
      case "bf16" -> SlstmCell.Arithmetic.BFLOAT16;
      default -> throw new UsageException("--cell is " + cell + ", expected f32 or bf16");
    };
  }

  /** What is not as by default, with the option that says so. */
  public Map<ModelOption, String> chosen() {
    return arithmetic() == SlstmCell.Arithmetic.FLOAT32
        ? Map.of()
        : Map.of(ModelOption.CELL_ARITHMETIC, "--cell");
  }
}
