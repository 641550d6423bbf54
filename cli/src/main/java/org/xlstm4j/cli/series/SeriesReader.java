package org.xlstm4j.cli.series;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads columns of a file of separated values, all of them in one pass. */
final class SeriesReader {
  /**
   * What a file holds.
   *
   * @param name what the file is called, for errors and remarks
   * @param targets in the order in which they are wanted
   * @param covariates in the order in which they are wanted
   * @param times the column with the times, or null
   * @param heading whether the first line holds headings
   * @param remarks what the user should know about how the file is read
   */
  record Columns(
      String name,
      List<Series> targets,
      List<Series> covariates,
      @Nullable TimeColumn times,
      boolean heading,
      List<String> remarks) {}

  private final SeriesFile.Reading how;
  private final String name;
  private final boolean thoseThere;

  private SeriesReader(SeriesFile.Reading how, String name, boolean thoseThere) {
    this.how = how;
    this.name = name;
    this.thoseThere = thoseThere;
  }

  /**
   * Reads a text.
   *
   * @param name of the text, for errors and remarks
   * @param text its bytes, which are closed
   * @param how what the user says about it
   * @throws IOException naming the line of what is no number, or can be read in two ways
   */
  static Columns read(String name, InputStream text, SeriesFile.Reading how) throws IOException {
    return read(name, text, how, false);
  }

  /**
   * Reads a file of which not all covariates need be there, nor the times.
   *
   * @param file a path, or {@code -} for {@code in}
   * @param in the standard input
   */
  static Columns readThoseThere(String file, InputStream in, SeriesFile.Reading how)
      throws IOException {
    return read(CsvText.name(file), CsvText.bytes(file, in), how, true);
  }

  private static Columns read(
      String name, InputStream text, SeriesFile.Reading how, boolean thoseThere)
      throws IOException {
    try (CsvReader records = CsvText.open(name, text, how.separator(), how.decimalCommas())) {
      return new SeriesReader(how, name, thoseThere).read(records);
    }
  }

  private Columns read(CsvReader records) throws IOException {
    CsvRecord first = records.nextFilled();
    if (first == null) {
      throw new IOException(name + ": nothing, expected a heading or a value");
    }
    CsvRecord second = records.nextFilled();
    HeadingLine headings = new HeadingLine(first, second);
    List<List<SeriesColumn>> found =
        SeriesColumn.findAll(
            headings,
            Stream.concat(how.targets().stream(), covariates(headings).stream()).toList(),
            how.time() == null ? List.of() : List.of(how.time()),
            how.firstLine());
    List<SeriesColumn> columns = found.stream().flatMap(List::stream).toList();
    boolean heading = columns.getFirst().heading();
    List<SeriesNumbers> numbers =
        columns.stream()
            .map(column -> new SeriesNumbers(column.index(), column.title(), how.decimalCommas()))
            .toList();
    TimeSearch times = times(headings, columns);
    DateOrder dates = new DateOrder(indices(columns));
    int fields = first.fields().size();
    long nextLine = 0;
    CsvRecord record = heading ? second : first;
    while (record != null) {
      if (record.fields().size() != fields) {
        throw record.error(
            record.fields().size()
                + " fields, expected "
                + fields
                + " as in the first line (see --separator and --decimal-comma)");
      }
      if (fields == 1 && nextLine > 0 && record.line() > nextLine) {
        throw record.error("a value behind an empty line, expected NA where a value is missing");
      }
      for (SeriesNumbers column : numbers) {
        column.add(record);
      }
      times.add(record);
      dates.add(record);
      nextLine = record.line() + 1;
      record = record.line() == first.line() ? second : records.nextFilled();
    }
    List<Series> series = new ArrayList<>();
    for (int i = 0; i < numbers.size(); i++) {
      series.add(new Series(columns.get(i).title(), numbers.get(i).finish(name)));
    }
    dates.finish(first);
    int targets = found.stream().limit(how.targets().size()).mapToInt(List::size).sum();
    return new Columns(
        name,
        series.subList(0, targets),
        series.subList(targets, series.size()),
        times.column(),
        heading,
        Stream.concat(columns.stream().map(SeriesColumn::remark), Stream.of(times.remark()))
            .filter(remark -> !remark.isEmpty())
            .distinct()
            .toList());
  }

  private List<String> covariates(HeadingLine first) throws IOException {
    if (!thoseThere) {
      return how.covariates();
    }
    List<String> there =
        how.covariates().stream().filter(column -> isThere(first, column)).toList();
    if (there.isEmpty()) {
      throw first.error(
          "none of the columns '"
              + String.join("', '", how.covariates())
              + "', expected the headings of the series' file");
    }
    return there;
  }

  private boolean isThere(HeadingLine first, String column) {
    return SeriesColumn.isThere(first, column, how.firstLine());
  }

  private TimeSearch times(HeadingLine first, List<SeriesColumn> columns) throws IOException {
    boolean heading = columns.getFirst().heading();
    List<String> headings = heading ? first.names() : List.of();
    Set<Integer> values = indices(columns);
    boolean timesThere = how.time() == null || !thoseThere || isThere(first, how.time());
    if (how.withoutTimes() || !timesThere) {
      return new TimeSearch(headings, List.of());
    }
    if (how.time() == null) {
      return new TimeSearch(headings, values);
    }
    int index = SeriesColumn.index(first, how.time(), heading);
    if (values.contains(index)) {
      throw first.error(
          "column " + (index + 1) + ", '" + how.time() + "', is asked for as values and as times");
    }
    return new TimeSearch(headings, List.of(index));
  }

  private static Set<Integer> indices(List<SeriesColumn> columns) {
    return columns.stream().map(SeriesColumn::index).collect(Collectors.toSet());
  }
}
