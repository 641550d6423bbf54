package org.xlstm4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A time series: one column of a file of comma-separated values, a value a line, oldest first.
 *
 * @param column its name, or its number as a text
 * @param values NaN where they are missing
 */
@SuppressWarnings("ArrayRecordComponent") // read once
record SeriesFile(String column, float[] values) {
  private static final Set<String> MISSING = Set.of("", "na", "n/a", "nan", "null", "none");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");

  /**
   * Reads a series.
   *
   * @param file a path, or {@code -} for {@code in}
   * @param in the standard input
   * @param column name in the first line, or number of a column, 1 for the first
   * @throws IOException naming the line of what is no number
   */
  static SeriesFile read(String file, InputStream in, String column) throws IOException {
    String name = file.equals("-") ? "standard input" : file;
    if (!file.equals("-") && Files.isDirectory(Path.of(file))) {
      throw new IOException(file + ": a folder, expected comma-separated values");
    }
    try (InputStream bytes = file.equals("-") ? in : Files.newInputStream(Path.of(file));
        CsvReader records =
            new CsvReader(name, new BufferedReader(new InputStreamReader(bytes, UTF_8)))) {
      List<String> first = records.next();
      if (first == null) {
        throw records.error("nothing, expected a heading or a value");
      }
      int index = first.indexOf(column);
      boolean heading = index >= 0;
      if (!heading) {
        index = number(column) - 1;
        if (index < 0 || index >= first.size()) {
          throw records.error(
              "no column " + column + ", expected one of " + String.join(", ", first));
        }
        heading = !isMissing(first.get(index)) && !isNumber(first.get(index));
      }
      float[] values = new float[1024];
      int count = 0;
      for (List<String> record = heading ? records.next() : first;
          record != null;
          record = records.next()) {
        boolean blank = record.size() == 1 && record.getFirst().isBlank();
        if (blank && first.size() > 1) {
          continue;
        }
        if (record.size() != first.size()) {
          throw records.error(
              record.size() + " fields, expected " + first.size() + " as in the first line");
        }
        if (count == values.length) {
          values = Arrays.copyOf(values, Math.multiplyExact(2, count));
        }
        values[count] = value(records, column, record.get(index));
        count++;
      }
      float[] all = Arrays.copyOf(values, count);
      if (onlyMissing(all)) {
        throw new IOException(name + ": no value in column " + column);
      }
      return new SeriesFile(heading ? first.get(index) : column, all);
    }
  }

  private static boolean onlyMissing(float[] values) {
    for (float value : values) {
      if (!Float.isNaN(value)) {
        return false;
      }
    }
    return true;
  }

  private static int number(String column) {
    return column.matches("[0-9]{1,6}") ? Integer.parseInt(column) : 0;
  }

  private static float value(CsvReader records, String column, String field) throws IOException {
    if (isMissing(field)) {
      return Float.NaN;
    }
    if (!isNumber(field)) {
      throw records.error("'" + field + "' in column " + column + ", expected a number or nothing");
    }
    float value = Float.parseFloat(field.strip());
    if (Float.isInfinite(value)) {
      throw records.error(field + " in column " + column + ", expected at most 3.4e38");
    }
    return value;
  }

  private static boolean isMissing(String field) {
    return MISSING.contains(field.strip().toLowerCase(Locale.ROOT));
  }

  private static boolean isNumber(String field) {
    return NUMBER.matcher(field.strip()).matches();
  }
}
