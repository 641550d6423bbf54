package org.xlstm4j.cli.series;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Notices a file that begins with its newest value, as those of exchanges often do: its series
 * would be forecast backwards. Looks at dates that are written with the year first.
 */
final class DateOrder {
  private static final Pattern DATE = Pattern.compile("[0-9]{4}[-/.][0-9]{2}([-/.][0-9]{2}.*)?");

  private final Set<Integer> values;
  private int column;
  private String first = "";
  private String last = "";
  private boolean falling = true;

  /**
   * Without records.
   *
   * @param values indices of the columns with values, which hold no dates
   */
  DateOrder(Set<Integer> values) {
    this.values = values;
  }

  /** Looks at the next record, which has as many fields as the first. */
  void add(CsvRecord record) {
    if (!falling) {
      return;
    }
    if (first.isEmpty()) {
      column = dates(record.fields());
      falling = column >= 0;
      first = falling ? date(record) : "";
    } else {
      falling = date(record).compareTo(last.isEmpty() ? first : last) < 0;
      last = date(record);
    }
  }

  /**
   * Ends the series.
   *
   * @param start the file's first line, for errors
   * @throws IOException if the dates fall from line to line
   */
  void finish(CsvRecord start) throws IOException {
    if (falling && !last.isEmpty()) {
      throw start.error(
          "the dates fall from '" + first + "' to '" + last + "', expected the oldest value first");
    }
  }

  private String date(CsvRecord record) {
    return record.fields().get(column).strip();
  }

  /** The first column with a date, or -1. */
  private int dates(List<String> fields) {
    for (int i = 0; i < fields.size(); i++) {
      if (!values.contains(i) && DATE.matcher(fields.get(i).strip()).matches()) {
        return i;
      }
    }
    return -1;
  }
}
