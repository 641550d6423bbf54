package org.xlstm4j.cli.series;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that read many series from a file. */
public final class SeriesSetOptions {
  @Option(
      names = "--label",
      paramLabel = "C",
      description = "Heading or number of the column that has a label or value for each row.")
  private @Nullable String label;

  @Mixin private CsvOptions csv = new CsvOptions();

  /** Whether a column with labels was named. */
  public boolean hasLabel() {
    return label != null;
  }

  /**
   * Reads a file whose rows are series, all of one length.
   *
   * @param file a path, or {@code -} for {@code in}
   * @param in the standard input
   * @throws IOException naming the line of what is no number, or can be read in two ways
   */
  public SeriesSet rows(String file, InputStream in) throws IOException {
    return new SeriesRows(label, csv.separator(), csv.decimalCommas(), csv.firstLine())
        .read(file, in);
  }

  /**
   * Reads a file whose columns are series.
   *
   * @param file a path, or {@code -} for {@code in}
   * @param in the standard input
   * @param columns headings or numbers of columns, from 1
   * @throws IOException naming the line of what is no number, or can be read in two ways
   */
  public SeriesSet columns(String file, InputStream in, List<String> columns) throws IOException {
    return SeriesSet.ofColumns(file, in, columns, this);
  }

  /** Times are of no interest: gaps among them stay as they are. */
  SeriesFile.Reading reading(List<String> columns) {
    return new SeriesFile.Reading(
        columns, List.of(), null, true, csv.separator(), csv.decimalCommas(), csv.firstLine());
  }
}
