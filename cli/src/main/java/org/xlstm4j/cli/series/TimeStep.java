package org.xlstm4j.cli.series;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/** What lies between two successive values of a series. */
sealed interface TimeStep {
  /**
   * How many steps lead from one time to another.
   *
   * @return at least 1, or -1 if no whole number of them does
   */
  long between(ZonedDateTime from, ZonedDateTime to);

  /** The time some steps later. */
  ZonedDateTime after(ZonedDateTime time, long steps);

  /** Number of steps after which series of this step usually repeat; 1 if they do not. */
  int season();

  /**
   * A time by the clock, the same however long days are.
   *
   * @param size above 0
   */
  record Elapsed(Duration size) implements TimeStep {
    private static final Duration DAY = Duration.ofDays(1);

    @Override
    public long between(ZonedDateTime from, ZonedDateTime to) {
      Duration all = Duration.between(from, to);
      long steps;
      try {
        steps = all.dividedBy(size);
      } catch (ArithmeticException e) { // thousands of years in nanoseconds
        return -1;
      }
      return steps > 0 && size.multipliedBy(steps).equals(all) ? steps : -1;
    }

    @Override
    public ZonedDateTime after(ZonedDateTime time, long steps) {
      return time.plus(size.multipliedBy(steps));
    }

    /** A day, if the step is a minute or more and divides it. */
    @Override
    public int season() {
      long steps = DAY.dividedBy(size);
      boolean divides = steps > 0 && size.multipliedBy(steps).equals(DAY);
      return divides && size.compareTo(Duration.ofMinutes(1)) >= 0 ? (int) steps : 1;
    }

    @Override
    public String toString() {
      if (size.toNanosPart() != 0) {
        return size.toString().substring(2).replace("S", " seconds");
      }
      long seconds = size.toSeconds();
      return seconds % 3600 == 0
          ? counted(seconds / 3600, "hour")
          : seconds % 60 == 0 ? counted(seconds / 60, "minute") : counted(seconds, "second");
    }
  }

  /**
   * Days of the calendar.
   *
   * @param count at least 1
   */
  record Days(long count) implements TimeStep {
    @Override
    public long between(ZonedDateTime from, ZonedDateTime to) {
      long days = ChronoUnit.DAYS.between(from.toLocalDate(), to.toLocalDate());
      boolean whole = from.toLocalTime().equals(to.toLocalTime());
      return whole && days > 0 && days % count == 0 ? days / count : -1;
    }

    @Override
    public ZonedDateTime after(ZonedDateTime time, long steps) {
      return time.plusDays(Math.multiplyExact(steps, count));
    }

    @Override
    public int season() {
      return count == 1 ? 7 : count == 7 ? 52 : 1;
    }

    @Override
    public String toString() {
      return count % 7 == 0 ? counted(count / 7, "week") : counted(count, "day");
    }
  }

  /** Days from Monday to Friday. */
  record BusinessDays() implements TimeStep {
    @Override
    public long between(ZonedDateTime from, ZonedDateTime to) {
      boolean whole = from.toLocalTime().equals(to.toLocalTime());
      long days = businessDay(to.toLocalDate()) - businessDay(from.toLocalDate());
      return whole && days > 0 && !isWeekend(from.toLocalDate()) && !isWeekend(to.toLocalDate())
          ? days
          : -1;
    }

    @Override
    public ZonedDateTime after(ZonedDateTime time, long steps) {
      long day = businessDay(time.toLocalDate()) + steps;
      LocalDate date =
          LocalDate.EPOCH.plusDays(Math.floorDiv(day, 5) * 7 + Math.floorMod(day, 5) - 3);
      return time.plusDays(ChronoUnit.DAYS.between(time.toLocalDate(), date));
    }

    /** Business days since the Monday before 1970-01-01, which was a Thursday. */
    private static long businessDay(LocalDate date) {
      long days = date.toEpochDay() + 3;
      return Math.floorDiv(days, 7) * 5 + Math.min(Math.floorMod(days, 7), 5);
    }

    static boolean isWeekend(LocalDate date) {
      return date.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) > 0;
    }

    @Override
    public int season() {
      return 5;
    }

    @Override
    public String toString() {
      return "1 business day";
    }
  }

  /**
   * Months of the calendar, years among them.
   *
   * @param count at least 1
   * @param day of the month on which the times lie; the last one in months that have fewer
   */
  record Months(long count, int day) implements TimeStep {
    @Override
    public long between(ZonedDateTime from, ZonedDateTime to) {
      long months = ChronoUnit.MONTHS.between(YearMonth.from(from), YearMonth.from(to));
      boolean whole =
          from.toLocalTime().equals(to.toLocalTime())
              && from.equals(onDay(from))
              && to.equals(onDay(to));
      return whole && months > 0 && months % count == 0 ? months / count : -1;
    }

    @Override
    public ZonedDateTime after(ZonedDateTime time, long steps) {
      return onDay(time.withDayOfMonth(1).plusMonths(Math.multiplyExact(steps, count)));
    }

    private ZonedDateTime onDay(ZonedDateTime time) {
      return time.withDayOfMonth(Math.min(day, time.toLocalDate().lengthOfMonth()));
    }

    @Override
    public int season() {
      return 12 % count == 0 ? (int) (12 / count) : 1;
    }

    @Override
    public String toString() {
      return count % 12 == 0
          ? counted(count / 12, "year")
          : count == 3 ? "1 quarter" : counted(count, "month");
    }
  }

  private static String counted(long count, String unit) {
    return count + " " + unit + (count == 1 ? "" : "s");
  }
}
