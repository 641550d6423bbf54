package org.xlstm4j.models.chat.template;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The time of day as C's {@code strftime} writes it, in English. */
final class DateText {
  private DateText() {}

  /** Now, in a format with {@code %} and letters. */
  static String now(String format, Clock clock) {
    ZonedDateTime now = ZonedDateTime.now(clock);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char character = format.charAt(i);
      if (character != '%' || i + 1 == format.length()) {
        text.append(character);
        continue;
      }
      char field = format.charAt(++i);
      boolean plain = field == '-' && i + 1 < format.length();
      if (plain) {
        field = format.charAt(++i);
      }
      String written = field(field, now);
      text.append(plain ? written.replaceFirst("^[0 ]+(?=.)", "") : written);
    }
    return text.toString();
  }

  private static String field(char field, ZonedDateTime now) {
    return switch (field) {
      case 'Y' -> format("yyyy", now);
      case 'y' -> format("yy", now);
      case 'm' -> format("MM", now);
      case 'd' -> format("dd", now);
      case 'e' -> String.format(Locale.ROOT, "%2d", now.getDayOfMonth());
      case 'B' -> format("MMMM", now);
      case 'b', 'h' -> format("MMM", now);
      case 'A' -> format("EEEE", now);
      case 'a' -> format("EEE", now);
      case 'H' -> format("HH", now);
      case 'I' -> format("hh", now);
      case 'M' -> format("mm", now);
      case 'S' -> format("ss", now);
      case 'f' -> format("SSSSSS", now);
      case 'p' -> now.getHour() < 12 ? "AM" : "PM";
      case 'j' -> format("DDD", now);
      case 'u' -> Integer.toString(now.getDayOfWeek().getValue());
      case 'w' -> Integer.toString(now.getDayOfWeek().getValue() % 7);
      case 'F' -> format("yyyy-MM-dd", now);
      case 'T' -> format("HH:mm:ss", now);
      case 'R' -> format("HH:mm", now);
      case 'D' -> format("MM/dd/yy", now);
      case '%' -> "%";
      case 'n' -> "\n";
      case 't' -> "\t";
      default -> throw new TemplateException("the time's field %" + field + " is not supported", 0);
    };
  }

  private static String format(String pattern, ZonedDateTime now) {
    return DateTimeFormatter.ofPattern(pattern, Locale.US).format(now);
  }
}
