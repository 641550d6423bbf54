package org.xlstm4j.cli.series;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Times, one a value, in little memory, with the lines on which they stand. Not thread-safe. */
final class TimeList {
  /** Few: a line of a hostile file may have thousands of fields that look like times. */
  private static final int LEAST_ROOM = 16;

  private long[] lines = {};
  private long[] seconds = {};
  private int[] nanos = {};
  private int[] offsets = {};
  private int size;

  void add(long line, ZonedDateTime time) {
    if (size == seconds.length) {
      int room = Math.max(LEAST_ROOM, Math.multiplyExact(2, size));
      lines = Arrays.copyOf(lines, room);
      seconds = Arrays.copyOf(seconds, room);
      nanos = Arrays.copyOf(nanos, room);
      offsets = Arrays.copyOf(offsets, room);
    }
    lines[size] = line;
    seconds[size] = time.toEpochSecond();
    nanos[size] = time.getNano();
    offsets[size] = time.getOffset().getTotalSeconds();
    size++;
  }

  int size() {
    return size;
  }

  long line(int index) {
    return lines[index];
  }

  /**
   * One of the times.
   *
   * @param index from 0
   * @param zone that it is in, or null if it is at an offset alone
   */
  ZonedDateTime get(int index, @Nullable ZoneId zone) {
    ZoneId in = zone == null ? ZoneOffset.ofTotalSeconds(offsets[index]) : zone;
    return Instant.ofEpochSecond(seconds[index], nanos[index]).atZone(in);
  }

  /** Index of the first time whose offset is not that of the time before; -1 if there is none. */
  int firstOtherOffset() {
    for (int i = 1; i < size; i++) {
      if (offsets[i] != offsets[i - 1]) {
        return i;
      }
    }
    return -1;
  }
}
