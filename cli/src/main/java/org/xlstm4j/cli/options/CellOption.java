package org.xlstm4j.cli.options;

import org.xlstm4j.engine.cells.SlstmCell;
import picocli.CommandLine.Option;

/** The option that chooses the numbers in which scalar cells run. */
public final class CellOption {
  @Option(
      names = "--cell",
      paramLabel = "f32|bf16",
      defaultValue = "f32",
      description =
          "Forecasters: 32-bit cell, or rounding as the original does on CPUs (default: ${DEFAULT-VALUE}).")
  private String cell = "f32";

  public SlstmCell.Arithmetic arithmetic() {
    return switch (cell) {
      case "f32" -> SlstmCell.Arithmetic.FLOAT32;
      case "bf16" -> SlstmCell.Arithmetic.BFLOAT16;
      default -> throw new UsageException("--cell is " + cell + ", expected f32 or bf16");
    };
  }
}
