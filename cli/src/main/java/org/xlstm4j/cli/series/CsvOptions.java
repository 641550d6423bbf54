package org.xlstm4j.cli.series;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say how a file of separated values is written. */
final class CsvOptions {
  @Option(
      names = "--separator",
      paramLabel = "S",
      description =
          "What separates the fields: comma, semicolon, tab, pipe or another character"
              + " (default: as the first lines show).")
  private @Nullable String separator;

  @Option(names = "--decimal-comma", description = "Numbers have decimal commas.")
  private boolean decimalComma;

  @Option(
      names = "--heading",
      negatable = true,
      description = "The first line holds headings, or values (default: as the first lines show).")
  private @Nullable Boolean heading;

  /** What separates the fields, or null. */
  @Nullable Character separator() {
    return separator == null ? null : CsvSeparator.named(separator);
  }

  /** Whether commas are decimal signs. */
  boolean decimalCommas() {
    return decimalComma;
  }

  /** What the first line holds. */
  SeriesColumn.FirstLine firstLine() {
    return SeriesColumn.FirstLine.of(heading);
  }
}
