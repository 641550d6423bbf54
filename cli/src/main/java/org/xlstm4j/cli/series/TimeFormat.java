package org.xlstm4j.cli.series;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a column writes its times: ISO 8601 with the year first, or close to it.
 *
 * @param unit the smallest part of the date
 * @param date pattern of the date, as of {@link DateTimeFormatter}
 * @param clock what stands between date and time of day; empty for dates alone
 * @param seconds whether there are seconds
 * @param fraction digits of the seconds' fraction
 * @param offset pattern of the offset from UTC; empty if there is none
 * @param zone the zone's name in brackets, or null
 */
record TimeFormat(
    Unit unit,
    String date,
    String clock,
    boolean seconds,
    int fraction,
    String offset,
    @Nullable ZoneId zone) {
  /** The smallest part of a date. */
  enum Unit {
    YEAR,
    QUARTER,
    MONTH,
    DAY
  }

  /**
   * A time and how it is written.
   *
   * @param time in the zone or at the offset that stands there, in UTC if none does
   * @param format how
   */
  record Parsed(ZonedDateTime time, TimeFormat format) {}

  private static final Pattern YEAR = Pattern.compile("[0-9]{4}");
  private static final Pattern QUARTER = Pattern.compile("([0-9]{4})([- ]?)Q([1-4])");
  private static final Pattern MONTH = Pattern.compile("([0-9]{4})([-/])([0-9]{2})");
  private static final Pattern COMPACT = Pattern.compile("([0-9]{4})([0-9]{2})([0-9]{2})");
  private static final Pattern DAY =
      Pattern.compile(
          "(?<year>[0-9]{4})(?<between>[-/.])(?<month>[0-9]{2})\\k<between>(?<day>[0-9]{2})"
              + "(?:(?<clock>[T ])(?<hour>[0-9]{2}):(?<minute>[0-9]{2})"
              + "(?::(?<second>[0-9]{2})(?:\\.(?<fraction>[0-9]{1,9}))?)?"
              + "(?<offset>(?<blank> ?)(?:Z|[+-][0-9]{2}(?<minutes>:?[0-9]{2})?))?"
              + "(?:\\[(?<zone>[A-Za-z0-9_+/-]{1,64})\\])?)?");

  /** Longest text that is looked at. */
  private static final int LONGEST = 128;

  /**
   * Reads a time.
   *
   * @param text without blanks around it
   * @return the time, or null if it is none
   */
  static @Nullable Parsed parse(String text) {
    if (text.length() > LONGEST) {
      return null;
    }
    try {
      Matcher day = DAY.matcher(text);
      if (day.matches()) {
        return day(day);
      }
      Matcher month = MONTH.matcher(text);
      if (month.matches()) {
        return dateOf(
            Unit.MONTH, "uuuu" + month.group(2) + "MM", number(month, 1), number(month, 3), 1);
      }
      Matcher quarter = QUARTER.matcher(text);
      if (quarter.matches()) {
        String pattern = "uuuu" + quarter.group(2) + "'Q'Q";
        return dateOf(Unit.QUARTER, pattern, number(quarter, 1), 3 * number(quarter, 3) - 2, 1);
      }
      Matcher compact = COMPACT.matcher(text);
      if (compact.matches()) {
        return dateOf(
            Unit.DAY, "uuuuMMdd", number(compact, 1), number(compact, 2), number(compact, 3));
      }
      return YEAR.matcher(text).matches()
          ? dateOf(Unit.YEAR, "uuuu", Integer.parseInt(text), 1, 1)
          : null;
    } catch (DateTimeException e) {
      // such as the 30th of February, or a zone that there is not
      return null;
    }
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }

  private static Parsed dateOf(Unit unit, String pattern, int year, int month, int day) {
    return new Parsed(
        LocalDate.of(year, month, day).atStartOfDay(ZoneOffset.UTC),
        new TimeFormat(unit, pattern, "", false, 0, "", null));
  }

  private static Parsed day(Matcher day) {
    LocalDate date =
        LocalDate.of(
            Integer.parseInt(day.group("year")),
            Integer.parseInt(day.group("month")),
            Integer.parseInt(day.group("day")));
    String between = day.group("between");
    String pattern = "uuuu" + between + "MM" + between + "dd";
    String clock = day.group("clock");
    if (clock == null) {
      return new Parsed(
          date.atStartOfDay(ZoneOffset.UTC),
          new TimeFormat(Unit.DAY, pattern, "", false, 0, "", null));
    }
    String second = day.group("second");
    String fraction = day.group("fraction") == null ? "" : day.group("fraction");
    LocalDateTime local =
        date.atTime(
            LocalTime.of(
                Integer.parseInt(day.group("hour")),
                Integer.parseInt(day.group("minute")),
                second == null ? 0 : Integer.parseInt(second),
                Integer.parseInt((fraction + "000000000").substring(0, 9))));
    String offset = day.group("offset");
    ZoneId zone = day.group("zone") == null ? null : ZoneId.of(day.group("zone"));
    TimeFormat format =
        new TimeFormat(
            Unit.DAY,
            pattern,
            clock.equals("T") ? "'T'" : clock,
            second != null,
            fraction.length(),
            offset == null ? "" : offsetPattern(offset, day.group("blank"), day.group("minutes")),
            zone);
    return new Parsed(
        zoned(local, offset == null ? null : ZoneOffset.of(offset.strip()), zone), format);
  }

  private static String offsetPattern(String offset, String blank, @Nullable String minutes) {
    String letters =
        offset.endsWith("Z")
            ? "XXX"
            : minutes == null ? "x" : minutes.startsWith(":") ? "xxx" : "xx";
    return blank + letters;
  }

  private static ZonedDateTime zoned(
      LocalDateTime local, @Nullable ZoneOffset offset, @Nullable ZoneId zone) {
    if (zone == null) {
      return local.atZone(offset == null ? ZoneOffset.UTC : offset);
    }
    return offset == null ? local.atZone(zone) : local.toInstant(offset).atZone(zone);
  }

  /** Whether a time is a whole number, as values may be too. */
  boolean isNumber() {
    return unit == Unit.YEAR || date.equals("uuuuMMdd");
  }

  /** Whether times stand at an offset that is not one of a zone, and so never changes by itself. */
  boolean hasOffsetAlone() {
    return !offset.isEmpty() && zone == null;
  }

  /**
   * The format that writes what both write: with seconds if one has them, with a time of day if one
   * does, since some programs leave out what is 0.
   *
   * @return null if the two are not of one kind
   */
  @Nullable TimeFormat with(TimeFormat other) {
    boolean sameClock = clock.isEmpty() || other.clock.isEmpty() || clock.equals(other.clock);
    boolean sameZone = zone == null ? other.zone == null : zone.equals(other.zone);
    boolean sameKind =
        unit == other.unit && date.equals(other.date) && offset.isEmpty() == other.offset.isEmpty();
    if (!sameClock || !sameZone || !sameKind) {
      return null;
    }
    return new TimeFormat(
        unit,
        date,
        clock.isEmpty() ? other.clock : clock,
        seconds || other.seconds,
        Math.max(fraction, other.fraction),
        offset.endsWith("XXX") ? offset : other.offset,
        zone);
  }

  /** Writes a time. */
  String write(ZonedDateTime time) {
    StringBuilder pattern = new StringBuilder(date);
    if (!clock.isEmpty()) {
      pattern.append(clock).append("HH:mm");
      if (seconds) {
        pattern.append(":ss");
      }
      if (fraction > 0) {
        pattern.append('.').repeat("S", fraction);
      }
      pattern.append(offset);
      if (zone != null) {
        pattern.append("'['VV']'");
      }
    }
    return DateTimeFormatter.ofPattern(pattern.toString(), Locale.ROOT).format(time);
  }
}
