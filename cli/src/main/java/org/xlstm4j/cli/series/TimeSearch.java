package org.xlstm4j.cli.series;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the column with the times of a series, while it is read: the one that the user names, else
 * the first whose fields are dates. Whole numbers, such as years, may be values as well; they are
 * times only if they rise evenly.
 */
final class TimeSearch {
  /** Numbers that rise evenly by chance are as few as two. */
  private static final int LEAST_NUMBERS = 3;

  /** Columns that are looked at: a line of a hostile file may have tens of thousands. */
  private static final int MOST_COLUMNS = 1024;

  /** A date with the day or the month first. */
  private static final Pattern YEAR_LAST =
      Pattern.compile("[0-9]{1,2}([-/.])[0-9]{1,2}\\1([0-9]{4}|[0-9]{2})([T ].*)?");

  private final List<String> headings;
  private final Set<Integer> values;
  private final boolean named;
  private final List<TimeColumn> candidates = new ArrayList<>();
  private boolean started;
  private String remark = "";

  /**
   * Before the first record.
   *
   * @param headings of the columns, or none
   * @param values indices of columns that hold values, and so no times
   */
  TimeSearch(List<String> headings, Set<Integer> values) {
    this.headings = headings;
    this.values = values;
    named = false;
  }

  /**
   * Before the first record, where the user says which column it is.
   *
   * @param headings of the columns, or none
   * @param columns index of the column, or none if there is to be none
   */
  TimeSearch(List<String> headings, List<Integer> columns) {
    this.headings = headings;
    values = Set.of();
    named = true;
    started = true;
    columns.forEach(column -> candidates.add(column(column)));
  }

  private TimeColumn column(int index) {
    return new TimeColumn(index, headings.isEmpty() ? "" : headings.get(index));
  }

  /**
   * Reads the times of a record.
   *
   * @throws IOException naming the line of what is no time in the column that the user named, or is
   *     no later than the time before
   */
  void add(CsvRecord record) throws IOException {
    if (!started) {
      started = true;
      begin(record);
    }
    for (TimeColumn column : List.copyOf(candidates)) {
      boolean doubtful = column.size() == 0 || (!named && column.format().isNumber());
      switch (column.add(record)) {
        case YES -> {}
        case NO_TIME -> {
          if (named) {
            throw record.error(
                CsvRecord.quoted(column.field(record))
                    + " in column "
                    + column.name()
                    + ", expected a time such as 2023-01-31, 2023-01-31T12:00+01:00, 2023-01 or"
                    + " 2023, in all lines of one kind");
          }
          candidates.remove(column);
          if (!doubtful) {
            remark =
                "line "
                    + record.line()
                    + ": "
                    + CsvRecord.quoted(column.field(record))
                    + " in column "
                    + column.name()
                    + " is no time as in the lines before, and the times are left out";
          }
        }
        case NOT_LATER -> {
          if (!doubtful) {
            throw notLater(record, column);
          }
          candidates.remove(column);
        }
      }
    }
  }

  private static IOException notLater(CsvRecord record, TimeColumn column) {
    String last = column.written(column.size() - 1);
    return record.error(
        CsvRecord.quoted(column.field(record))
            + " in column "
            + column.name()
            + " behind '"
            + last
            + "', expected the oldest value first and each time once (--no-time leaves the times"
            + " out)");
  }

  /** The first column with a date, else those with whole numbers that may be dates. */
  private void begin(CsvRecord record) {
    for (int i = 0; i < Math.min(record.fields().size(), MOST_COLUMNS); i++) {
      TimeFormat.Parsed parsed =
          values.contains(i) ? null : TimeFormat.parse(record.fields().get(i).strip());
      if (parsed != null && !parsed.format().isNumber()) {
        candidates.clear();
        candidates.add(column(i));
        return;
      }
      if (parsed != null) {
        candidates.add(column(i));
      } else if (!values.contains(i) && candidates.isEmpty()) {
        remarkOther(record, i);
      }
    }
  }

  /** Says so if a field looks like a date of a kind that is not read. */
  private void remarkOther(CsvRecord record, int index) {
    if (remark.isEmpty() && YEAR_LAST.matcher(record.fields().get(index).strip()).matches()) {
      TimeColumn column = column(index);
      remark =
          "line "
              + record.line()
              + ": "
              + CsvRecord.quoted(column.field(record))
              + " in column "
              + column.name()
              + " may be a time, but only those with the year first are read; steps are counted"
              + " (--no-time says so)";
    }
  }

  /** The column with the times; null if there is none. */
  @Nullable TimeColumn column() {
    for (TimeColumn column : candidates) {
      boolean certain = named || (column.size() > 0 && !column.format().isNumber());
      if (certain || (column.size() >= LEAST_NUMBERS && new SeriesTimes(column).isEven())) {
        return column;
      }
    }
    return null;
  }

  /** What the user should know about a column that could have been it, or empty. */
  String remark() {
    return column() == null ? remark : "";
  }
}
