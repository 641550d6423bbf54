package org.xlstm4j.cli.options;

import picocli.CommandLine.Option;

/** The option that chooses between whole sequences and single steps. */
public final class ModeOption {
  @Option(
      names = "--mode",
      paramLabel = "chunk|step",
      defaultValue = "chunk",
      description = "Whole sequences at once, or a step at a time (default: ${DEFAULT-VALUE}).")
  private String mode = "chunk";

  public boolean steps() {
    return switch (mode) {
      case "chunk" -> false;
      case "step" -> true;
      default -> throw new UsageException("--mode is " + mode + ", expected chunk or step");
    };
  }
}
