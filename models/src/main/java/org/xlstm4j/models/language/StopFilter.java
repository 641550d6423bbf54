package org.xlstm4j.models.language;

import java.util.List;

/** Holds back text that may be the beginning of a stop string, and ends at a whole one. */
final class StopFilter {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean stopped;

  StopFilter(List<String> stops) {
    this.stops = stops.stream().filter(stop -> !stop.isEmpty()).toList();
  }

  /** Takes text in and gives what is certain to come before any stop string. */
  String append(String text) {
    if (stopped) {
      return "";
    }
    held.append(text);
    int end = -1;
    for (String stop : stops) {
      int at = held.indexOf(stop);
      if (at >= 0 && (end < 0 || at < end)) {
        end = at;
      }
    }
    if (end >= 0) {
      stopped = true;
      String certain = held.substring(0, end);
      held.setLength(0);
      return certain;
    }
    int keep = 0;
    for (String stop : stops) {
      keep = Math.max(keep, overlap(stop));
    }
    String certain = held.substring(0, held.length() - keep);
    held.delete(0, certain.length());
    return certain;
  }

  /** Length of the longest proper beginning of {@code stop} that the held text ends with. */
  private int overlap(String stop) {
    for (int length = Math.min(stop.length() - 1, held.length()); length > 0; length--) {
      if (endsWithBeginningOf(stop, length)) {
        return length;
      }
    }
    return 0;
  }

  private boolean endsWithBeginningOf(String stop, int length) {
    int from = held.length() - length;
    for (int i = 0; i < length; i++) {
      if (held.charAt(from + i) != stop.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** What was held back, when no more text comes. */
  String flush() {
    String rest = held.toString();
    held.setLength(0);
    return rest;
  }

  boolean stopped() {
    return stopped;
  }
}
