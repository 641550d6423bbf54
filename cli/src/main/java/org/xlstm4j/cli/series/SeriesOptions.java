package org.xlstm4j.cli.series;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of commands that read a series from a file. */
public final class SeriesOptions {
  @Option(
      names = "--column",
      required = true,
      paramLabel = "C",
      description = "Heading of the column, or its number from 1.")
  private String column = "";

  @Option(
      names = "--separator",
      paramLabel = "S",
      description =
          "What separates the fields: comma, semicolon, tab, pipe or another character"
              + " (default: what the first lines tell).")
  private @Nullable String separator;

  @Option(names = "--decimal-comma", description = "Numbers have decimal commas.")
  private boolean decimalComma;

  @Option(
      names = "--heading",
      negatable = true,
      description =
          "The first line holds headings, or values (default: what the first lines tell).")
  private @Nullable Boolean heading;

  /** How the file is to be read. */
  public SeriesFile.Reading reading() {
    return new SeriesFile.Reading(
        column,
        separator == null ? null : CsvSeparator.named(separator),
        decimalComma,
        SeriesColumn.FirstLine.of(heading));
  }
}
