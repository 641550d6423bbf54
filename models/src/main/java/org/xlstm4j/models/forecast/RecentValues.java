package org.xlstm4j.models.forecast;

import java.util.Arrays;

/**
 * The last values of a series that grows: at least as many as are to be kept, in one array that
 * never grows. Not thread-safe.
 */
public final class RecentValues {
  private final int kept;

  /** Moved to the front when the end is reached. */
  private final float[] values;

  private int first;
  private int end;
  private long added;

  /**
   * No values yet.
   *
   * @param kept how many of the last ones are kept, at least 1
   */
  public RecentValues(int kept) {
    this.kept = kept;
    values = new float[Math.multiplyExact(2, kept)];
  }

  /**
   * Adds a value at the end.
   *
   * @param value NaN if it is missing
   */
  public void add(float value) {
    if (end == values.length) {
      System.arraycopy(values, end - kept, values, 0, kept);
      first = 0;
      end = kept;
    }
    values[end] = value;
    end++;
    first = Math.max(first, end - kept);
    added++;
  }

  /**
   * How many were added.
   *
   * @return those that are no longer kept included
   */
  public long added() {
    return added;
  }

  /**
   * The values that are kept.
   *
   * @return a new array, the oldest first
   */
  public float[] copy() {
    return Arrays.copyOfRange(values, first, end);
  }

  /**
   * The array that the values are in, without a copy.
   *
   * @return the live array: the last value is in front of {@link #end()}
   */
  float[] array() {
    return values;
  }

  /** Where the values end in {@link #array()}. */
  int end() {
    return end;
  }

  /** Forgets all values. */
  public void clear() {
    first = 0;
    end = 0;
    added = 0;
  }
}
