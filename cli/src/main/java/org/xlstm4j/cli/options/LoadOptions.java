package org.xlstm4j.cli.options;

import org.xlstm4j.loader.files.LoadOption;
import picocli.CommandLine.Option;

/** The option of commands that open a model. */
public final class LoadOptions {
  @Option(
      names = "--no-mmap",
      description =
          "Read the weights into memory instead of mapping their files, so that nothing that"
              + " happens to a file meanwhile can end the program.")
  private boolean inMemory;

  /** How the loader is to open files. */
  public LoadOption[] options() {
    return inMemory ? new LoadOption[] {LoadOption.IN_MEMORY} : new LoadOption[0];
  }
}
