package org.xlstm4j.cli;

import org.xlstm4j.loader.LoadOption;
import picocli.CommandLine.Option;

/** The option of commands that open a model. */
final class LoadOptions {
  @Option(
      names = "--no-mmap",
      description =
          "Read the weights into memory instead of mapping their files, so that nothing that"
              + " happens to a file meanwhile can end the program.")
  private boolean inMemory;

  /** How the loader is to open files. */
  LoadOption[] options() {
    return inMemory ? new LoadOption[] {LoadOption.IN_MEMORY} : new LoadOption[0];
  }
}
