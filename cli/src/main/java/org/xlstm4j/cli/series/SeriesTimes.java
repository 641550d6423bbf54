package org.xlstm4j.cli.series;

import java.io.IOException;
import java.time.ZonedDateTime;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The times of a series' values, and how they go on. */
public final class SeriesTimes {
  /** Missing values that may be put into a file of any size, in all of its columns together. */
  private static final long PUT_IN = 1L << 21;

  /** As many times the number of its values may there be, if that is more. */
  private static final long TIMES_AS_LONG = 4;

  private final TimeColumn column;
  private final TimeStep step;
  private final boolean regular;

  /** How many steps each value lies behind the one before; -1 if that is no whole number. */
  private final long[] distances;

  /**
   * Times that go on.
   *
   * @param column with at least two times
   */
  SeriesTimes(TimeColumn column) {
    this.column = column;
    List<ZonedDateTime> all = list(column);
    step = StepSearch.of(all, column.format().unit());
    distances = new long[all.size()];
    for (int i = 1; i < distances.length; i++) {
      distances[i] = step.between(all.get(i - 1), all.get(i));
    }
    regular = Arrays.stream(distances).noneMatch(distance -> distance < 0);
  }

  private static List<ZonedDateTime> list(TimeColumn column) {
    return new AbstractList<>() {
      @Override
      public ZonedDateTime get(int index) {
        return column.time(index);
      }

      @Override
      public int size() {
        return column.size();
      }
    };
  }

  /** The heading of their column; empty if it has none. */
  public String heading() {
    return column.heading();
  }

  /** How the user can name their column: its heading, or its number. */
  String column() {
    return column.name();
  }

  /** What lies between two successive values, for people. */
  public String step() {
    return step.toString();
  }

  /** Number of values after which a series of this step usually repeats; 1 if it does not. */
  public int season() {
    return step.season();
  }

  /**
   * A time that follows the series, written as those of the file.
   *
   * @param steps from the last value on, 1 for the next; of {@link #isRegular regular} times also 0
   *     and less, for those of the series
   */
  public String ahead(long steps) {
    return column.format().write(step.after(column.time(column.size() - 1), steps));
  }

  /** Whether each time is a whole number of steps behind the one before. */
  public boolean isRegular() {
    return regular;
  }

  /** Whether each time is one step behind the one before. */
  boolean isEven() {
    return Arrays.stream(distances).skip(1).allMatch(distance -> distance == 1);
  }

  /**
   * Where the values lie among all times, 0 for the first: behind one another if the times are
   * irregular.
   *
   * @param file that they are in, for errors
   * @param columns with values
   * @throws IOException if there are far more times than values
   */
  int[] places(String file, int columns) throws IOException {
    long longest = longest(distances.length, columns);
    int[] places = new int[distances.length];
    long place = 0;
    for (int i = 1; i < places.length; i++) {
      place += regular ? distances[i] : 1;
      if (place >= longest) {
        throw new CsvRecord(file, column.line(i), List.of())
            .error(
                "more than "
                    + longest
                    + " steps of "
                    + step
                    + " since the first time, expected fewer (--no-time leaves the times out)");
      }
      places[i] = (int) place;
    }
    return places;
  }

  /** The longest series that gaps are filled in. */
  private static long longest(int values, int columns) {
    return values + Math.max(PUT_IN / columns, TIMES_AS_LONG * values);
  }

  /** What a user should know about the times. */
  List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    int count = 0;
    int first = 0;
    long leftOut = 0;
    for (int i = distances.length - 1; i > 0; i--) {
      if (regular ? distances[i] > 1 : distances[i] != 1) {
        first = i;
        count++;
        leftOut += distances[i] - 1;
      }
    }
    if (count > 0 && regular) {
      remarks.add(
          String.format(
              "line %d: from '%s' to '%s' is more than a step of %s; %s, for which missing values"
                  + " are put in",
              column.line(first),
              column.written(first - 1),
              column.written(first),
              step,
              leftOut == 1 ? "a time is left out" : leftOut + " times are left out in all"));
    } else if (count > 0) {
      remarks.add(
          String.format(
              "line %d: from '%s' to '%s' is not the step of %s that most have (%d of %d are not);"
                  + " the values are taken as evenly spaced",
              column.line(first),
              column.written(first - 1),
              column.written(first),
              step,
              count,
              distances.length - 1));
    }
    int changed = column.firstOtherOffset();
    if (changed > 0) {
      remarks.add(
          String.format(
              "line %d: the offset from UTC changes at '%s'; the forecast's times keep the last"
                  + " one",
              column.line(changed), column.written(changed)));
    }
    return remarks;
  }

  /**
   * Where values that follow these lie, 0 for the step behind the last one.
   *
   * @param file that they are in, for errors
   * @param next their times
   * @param columns with values
   * @throws IOException naming the line of what does not follow
   */
  int[] placesBehind(String file, TimeColumn next, int columns) throws IOException {
    long longest = longest(next.size(), columns);
    int[] places = new int[next.size()];
    ZonedDateTime last = column.time(column.size() - 1);
    boolean alike = column.format().with(next.format()) != null;
    for (int i = 0; i < places.length; i++) {
      long steps = alike ? step.between(last, next.time(i)) : -1;
      boolean follows =
          regular ? steps > 0 && steps <= longest : alike && next.time(i).isAfter(last);
      if (!follows || (i == 0 && regular && steps != 1)) {
        throw new CsvRecord(file, next.line(i), List.of())
            .error(
                String.format(
                    "'%s' in column %s, expected %s, in steps of %s behind '%s', the last of the"
                        + " series",
                    next.written(i),
                    next.name(),
                    i == 0 ? "'" + ahead(1) + "'" : "times",
                    step,
                    column.written(column.size() - 1)));
      }
      places[i] = regular ? (int) steps - 1 : i;
    }
    return places;
  }
}
