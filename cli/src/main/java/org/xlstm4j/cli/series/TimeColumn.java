package org.xlstm4j.cli.series;

import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/** A column with times, as it is read. Not thread-safe. */
final class TimeColumn {
  private final int index;
  private final String heading;
  private final TimeList times = new TimeList();
  private @Nullable TimeFormat format;

  /**
   * Without times.
   *
   * @param index of the column, from 0
   * @param heading of the column, or empty
   */
  TimeColumn(int index, String heading) {
    this.index = index;
    this.heading = heading;
  }

  /** What became of a record's field. */
  enum Added {
    /** It is a time, later than those before. */
    YES,
    /** It is no time, or one of another kind than those before. */
    NO_TIME,
    /** It is no later than the one before. */
    NOT_LATER
  }

  Added add(CsvRecord record) {
    TimeFormat.Parsed parsed = TimeFormat.parse(field(record));
    if (parsed == null) {
      return Added.NO_TIME;
    }
    TimeFormat merged = format == null ? parsed.format() : format.with(parsed.format());
    if (merged == null) {
      return Added.NO_TIME;
    }
    if (size() > 0 && !parsed.time().isAfter(time(size() - 1))) {
      return Added.NOT_LATER;
    }
    format = merged;
    times.add(record.line(), parsed.time());
    return Added.YES;
  }

  /** The column's field of a record. */
  String field(CsvRecord record) {
    return record.fields().get(index).strip();
  }

  String heading() {
    return heading;
  }

  /** How people call the column. */
  String name() {
    return heading.isEmpty() ? String.valueOf(index + 1) : heading;
  }

  int size() {
    return times.size();
  }

  long line(int value) {
    return times.line(value);
  }

  /** How the times are written; there is one at least. */
  TimeFormat format() {
    if (format == null) {
      throw new IllegalStateException("no time");
    }
    return format;
  }

  ZonedDateTime time(int value) {
    return times.get(value, format().zone());
  }

  /** A time as the file writes it. */
  String written(int value) {
    return format().write(time(value));
  }

  /** Index of the first time at another offset than that before, if no zone explains it; or -1. */
  int firstOtherOffset() {
    return format().hasOffsetAlone() ? times.firstOtherOffset() : -1;
  }
}
