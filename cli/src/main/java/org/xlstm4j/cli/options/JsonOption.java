package org.xlstm4j.cli.options;

import org.xlstm4j.cli.output.TableFormat;
import picocli.CommandLine.Option;

/** The option of commands whose table programs may want to read. */
public final class JsonOption {
  @Option(names = "--json", description = "Write one JSON object per line instead of the table.")
  private boolean json;

  /** Whether it was asked for. */
  public boolean given() {
    return json;
  }

  /** The format of the command's table: JSON if it was asked for, else {@code plain}. */
  public TableFormat formatOr(TableFormat plain) {
    return json ? TableFormat.JSON : plain;
  }
}
