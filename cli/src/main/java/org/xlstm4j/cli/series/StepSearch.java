package org.xlstm4j.cli.series;

import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Finds the step of times that rise: the median of their differences, as a unit of the calendar
 * where it is one. Months and years are no number of days, and weekends are no gaps in what happens
 * on business days.
 */
final class StepSearch {
  /** Days of the shortest month. */
  private static final int SHORTEST_MONTH = 28;

  /** Of 10 differences these have to be whole months, if months are to be the step. */
  private static final int MOST_OF_TEN = 9;

  private final List<ZonedDateTime> times;

  private StepSearch(List<ZonedDateTime> times) {
    this.times = times;
  }

  /**
   * The step.
   *
   * @param times at least two, each later than the one before
   * @param unit the smallest part of their dates
   */
  static TimeStep of(List<ZonedDateTime> times, TimeFormat.Unit unit) {
    StepSearch search = new StepSearch(times);
    return unit == TimeFormat.Unit.DAY ? search.step() : search.months();
  }

  private TimeStep step() {
    boolean sameTimeOfDay =
        times.stream().allMatch(time -> time.toLocalTime().equals(times.getFirst().toLocalTime()));
    if (!sameTimeOfDay) {
      Duration[] all =
          IntStream.range(1, times.size())
              .mapToObj(i -> Duration.between(times.get(i - 1), times.get(i)))
              .sorted()
              .toArray(Duration[]::new);
      return new TimeStep.Elapsed(all[(all.length - 1) / 2]);
    }
    long days = median(ChronoUnit.DAYS);
    if (days >= SHORTEST_MONTH) {
      TimeStep months = months();
      long whole =
          IntStream.range(1, times.size())
              .filter(i -> months.between(times.get(i - 1), times.get(i)) > 0)
              .count();
      if (10 * whole >= MOST_OF_TEN * (times.size() - 1L)) {
        return months;
      }
    }
    return days == 1 && onBusinessDays() ? new TimeStep.BusinessDays() : new TimeStep.Days(days);
  }

  /** The median difference; of two in the middle the smaller one, so that it is one that occurs. */
  private long median(ChronoUnit unit) {
    long[] all =
        IntStream.range(1, times.size())
            .mapToLong(i -> difference(unit, times.get(i - 1), times.get(i)))
            .sorted()
            .toArray();
    return all[(all.length - 1) / 2];
  }

  private static long difference(ChronoUnit unit, ZonedDateTime from, ZonedDateTime to) {
    return unit == ChronoUnit.MONTHS
        ? unit.between(YearMonth.from(from), YearMonth.from(to))
        : unit.between(from.toLocalDate(), to.toLocalDate());
  }

  private TimeStep months() {
    boolean lastDays =
        times.stream()
            .map(ZonedDateTime::toLocalDate)
            .allMatch(date -> date.getDayOfMonth() == date.lengthOfMonth());
    int[] days = times.stream().mapToInt(ZonedDateTime::getDayOfMonth).toArray();
    int day = lastDays ? 31 : Arrays.stream(days).max().orElseThrow();
    return new TimeStep.Months(Math.max(median(ChronoUnit.MONTHS), 1), day);
  }

  /** Whether weekends are always left out, and there are some. */
  private boolean onBusinessDays() {
    LocalDate first = times.getFirst().toLocalDate();
    LocalDate last = times.getLast().toLocalDate();
    boolean none =
        times.stream().noneMatch(time -> TimeStep.BusinessDays.isWeekend(time.toLocalDate()));
    long weeks = ChronoUnit.WEEKS.between(first, last);
    return none && (weeks > 0 || last.getDayOfWeek().compareTo(first.getDayOfWeek()) < 0);
  }
}
