package org.xlstm4j.cli.series;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.options.UsageException;
import picocli.CommandLine.Option;

/** Options of commands that read a series from a file. */
public final class SeriesOptions {
  @Option(
      names = "--column",
      required = true,
      paramLabel = "C",
      description =
          "Heading of the column, or its number from 1; several with commas between, or as several"
              + " options.")
  private List<String> columns = List.of();

  @Option(
      names = "--time",
      paramLabel = "C",
      description = "Column with the times (default: the first one with dates).")
  private @Nullable String time;

  @Option(names = "--no-time", description = "Leave the times out; steps are counted.")
  private boolean withoutTimes;

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

  /**
   * How the file is to be read.
   *
   * @param covariates further columns to be read, named as the columns are
   */
  public SeriesFile.Reading reading(List<String> covariates) {
    if (time != null && withoutTimes) {
      throw new UsageException("--time and --no-time exclude each other");
    }
    return new SeriesFile.Reading(
        columns, covariates, time, withoutTimes, separator(), decimalComma, firstLine());
  }

  private SeriesColumn.FirstLine firstLine() {
    if (heading == null) {
      return SeriesColumn.FirstLine.UNKNOWN;
    }
    return heading ? SeriesColumn.FirstLine.HEADINGS : SeriesColumn.FirstLine.VALUES;
  }

  private @Nullable Character separator() {
    if (separator == null) {
      return null;
    }
    for (CsvSeparator known : CsvSeparator.values()) {
      if (separator.equals(known.toString())) {
        return known.character();
      }
    }
    if (separator.equals("\\t")) {
      return '\t';
    }
    if (separator.length() != 1 || !separates(separator.charAt(0))) {
      throw new UsageException(
          "--separator is '"
              + separator
              + "', expected comma, semicolon, tab, pipe or a character that is part of no number");
    }
    return separator.charAt(0);
  }

  /** Whether a character can stand between numbers and is none of CSV's own. */
  private static boolean separates(char character) {
    return !Character.isLetterOrDigit(character) && "\"\r\n+-.".indexOf(character) < 0;
  }
}
