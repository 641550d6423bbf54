package org.xlstm4j.cli.series;

/**
 * A column of values, oldest first.
 *
 * @param title its heading, or its number as a text
 * @param values NaN where they are missing
 */
@SuppressWarnings("ArrayRecordComponent") // read once
public record Series(String title, float[] values) {
  /** Number of values that are missing behind the last one that is there. */
  public int missingAtEnd() {
    int count = 0;
    while (count < values.length && Float.isNaN(values[values.length - 1 - count])) {
      count++;
    }
    return count;
  }
}
