package org.xlstm4j.cli.series;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.options.UsageException;

/**
 * Time series: columns of a file of separated values, a value a line, oldest first.
 *
 * @param targets the columns to be forecast
 * @param covariates columns that tell something about them, as long as they
 * @param times those of the values, or null if the file does not say
 * @param headings whether the file has headings
 * @param remarks what the user should know about how the file is read
 */
public record SeriesFile(
    List<Series> targets,
    List<Series> covariates,
    @Nullable SeriesTimes times,
    boolean headings,
    List<String> remarks) {
  /**
   * How a file is to be read, as far as the user has said.
   *
   * @param targets headings or numbers of columns, 1 for the first; or several with commas between
   * @param covariates the like
   * @param time heading or number of the column with the times, or null
   * @param withoutTimes whether times are of no interest
   * @param separator of the fields, or null
   * @param decimalCommas whether commas are decimal signs
   * @param firstLine what the first line holds
   */
  public record Reading(
      List<String> targets,
      List<String> covariates,
      @Nullable String time,
      boolean withoutTimes,
      @Nullable Character separator,
      boolean decimalCommas,
      SeriesColumn.FirstLine firstLine) {
    /**
     * As the options say that commands have for it.
     *
     * @param separator its name or the character itself, or null
     * @param heading whether the first line holds headings, or null
     * @throws UsageException if the separator can separate nothing
     */
    public static Reading of(
        List<String> targets,
        List<String> covariates,
        @Nullable String time,
        boolean withoutTimes,
        @Nullable String separator,
        boolean decimalCommas,
        @Nullable Boolean heading) {
      return new Reading(
          targets,
          covariates,
          time,
          withoutTimes,
          separator == null ? null : (Character) CsvSeparator.named(separator),
          decimalCommas,
          SeriesColumn.FirstLine.of(heading));
    }
  }

  /**
   * Reads series. Where the times leave out steps, missing values are put in.
   *
   * @param file a path, or {@code -} for {@code in}
   * @param in the standard input
   * @param how what the user says about the file
   * @throws IOException naming the line of what is no number, or can be read in two ways
   */
  public static SeriesFile read(String file, InputStream in, Reading how) throws IOException {
    return readText(CsvText.name(file), CsvText.bytes(file, in), how);
  }

  /**
   * Reads series from a text that comes from elsewhere.
   *
   * @param name of the text, for errors
   * @param text its bytes, which are closed
   * @param how what the user says about it
   * @throws IOException naming the line of what is no number, or can be read in two ways
   */
  public static SeriesFile readText(String name, InputStream text, Reading how) throws IOException {
    SeriesReader.Columns columns = SeriesReader.read(name, text, how);
    TimeColumn column = columns.times();
    if (column == null || column.size() < 2) {
      return new SeriesFile(
          columns.targets(), columns.covariates(), null, columns.heading(), columns.remarks());
    }
    SeriesTimes times = new SeriesTimes(column);
    int[] places =
        times.places(columns.name(), columns.targets().size() + columns.covariates().size());
    List<String> remarks = new ArrayList<>(columns.remarks());
    remarks.addAll(times.remarks());
    return new SeriesFile(
        spread(columns.targets(), places),
        spread(columns.covariates(), places),
        times,
        columns.heading(),
        remarks);
  }

  private static List<Series> spread(List<Series> series, int[] places) {
    return series.stream()
        .map(one -> new Series(one.title(), spread(one.values(), places)))
        .toList();
  }

  /** Values at their places among missing ones. */
  static float[] spread(float[] values, int[] places) {
    int length = places[places.length - 1] + 1;
    if (length == values.length) {
      return values;
    }
    float[] all = new float[length];
    Arrays.fill(all, Float.NaN);
    for (int i = 0; i < values.length; i++) {
      all[places[i]] = values[i];
    }
    return all;
  }

  /** Number of values of each series. */
  public int length() {
    return targets.getFirst().values().length;
  }

  /**
   * The same without what lies before the last values.
   *
   * @param count of the values, at least 1
   */
  public SeriesFile last(int count) {
    return new SeriesFile(last(targets, count), last(covariates, count), times, headings, remarks);
  }

  private List<Series> last(List<Series> series, int count) {
    int from = Math.max(length() - count, 0);
    return series.stream()
        .map(one -> new Series(one.title(), Arrays.copyOfRange(one.values(), from, length())))
        .toList();
  }
}
