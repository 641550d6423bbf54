package org.xlstm4j.cli.series;

import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.options.UsageException;
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
    return new SeriesFile.Reading(column, separator(), decimalComma, firstLine());
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
