package org.xlstm4j.cli.series;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A time series: one column of a file of separated values, a value a line, oldest first.
 *
 * @param column its heading, or its number as a text
 * @param values NaN where they are missing
 * @param remark what the user should know about how the file is read, or null
 */
@SuppressWarnings("ArrayRecordComponent") // read once
public record SeriesFile(String column, float[] values, @Nullable String remark) {
  /** Characters that tell what separates the fields. */
  private static final int START = 1 << 16;

  /** What Excel writes and reads as the first line. */
  private static final Pattern NAMED_SEPARATOR =
      Pattern.compile("\\ufeff?sep=([^\\r\\n])[\\r\\n].*", Pattern.DOTALL);

  /**
   * How a file is to be read, as far as the user has said.
   *
   * @param column heading or number of a column, 1 for the first
   * @param separator of the fields, or null
   * @param decimalCommas whether commas are decimal signs
   * @param firstLine what the first line holds
   */
  public record Reading(
      String column,
      @Nullable Character separator,
      boolean decimalCommas,
      SeriesColumn.FirstLine firstLine) {}

  /**
   * Reads a series.
   *
   * @param file a path, or {@code -} for {@code in}
   * @param in the standard input
   * @param how what the user says about the file
   * @throws IOException naming the line of what is no number, or can be read in two ways
   */
  public static SeriesFile read(String file, InputStream in, Reading how) throws IOException {
    String name = file.equals("-") ? "standard input" : file;
    if (!file.equals("-") && Files.isDirectory(Path.of(file))) {
      throw new IOException(file + ": a folder, expected separated values");
    }
    try (InputStream bytes =
            new BufferedInputStream(file.equals("-") ? in : Files.newInputStream(Path.of(file)));
        BufferedReader text = new BufferedReader(new InputStreamReader(bytes, charset(bytes)))) {
      String start = start(text);
      Matcher line = NAMED_SEPARATOR.matcher(start);
      boolean named = line.matches();
      char separator =
          how.separator() != null
              ? how.separator()
              : named
                  ? line.group(1).charAt(0)
                  : CsvSeparator.of(name, start, how.decimalCommas()).character();
      CsvReader records = new CsvReader(name, text, separator);
      if (named) {
        records.next();
      }
      return read(name, records, how);
    }
  }

  /** Spreadsheets write UTF-16 with a byte order mark as "Unicode text". */
  private static Charset charset(InputStream bytes) throws IOException {
    bytes.mark(2);
    int mark = bytes.read() << 8 | bytes.read();
    bytes.reset();
    return mark == 0xfeff || mark == 0xfffe ? UTF_16 : UTF_8;
  }

  /** The text's first lines, whole ones; they are still to be read. */
  private static String start(Reader text) throws IOException {
    char[] start = new char[START];
    text.mark(START + 1);
    int length = 0;
    for (int read = 0; read >= 0 && length < START; length += Math.max(read, 0)) {
      read = text.read(start, length, START - length);
    }
    text.reset();
    int end = length;
    while (length == START && end > 0 && start[end - 1] != '\n' && start[end - 1] != '\r') {
      end--;
    }
    return new String(start, 0, end == 0 ? length : end);
  }

  private static SeriesFile read(String name, CsvReader records, Reading how) throws IOException {
    CsvRecord first = records.nextFilled();
    if (first == null) {
      throw new IOException(name + ": nothing, expected a heading or a value");
    }
    int fields = first.fields().size();
    CsvRecord second = records.nextFilled();
    SeriesColumn column = SeriesColumn.find(first, second, how.column(), how.firstLine());
    SeriesNumbers numbers = new SeriesNumbers(column.index(), how.column(), how.decimalCommas());
    DateOrder dates = new DateOrder(column.index());
    float[] values = new float[1024];
    int count = 0;
    long nextLine = 0;
    CsvRecord record = column.heading() ? second : first;
    while (record != null) {
      if (record.fields().size() != fields) {
        throw record.error(
            record.fields().size()
                + " fields, expected "
                + fields
                + " as in the first line (see --separator and --decimal-comma)");
      }
      if (fields == 1 && count > 0 && record.line() > nextLine) {
        throw record.error("a value behind an empty line, expected NA where a value is missing");
      }
      if (count == values.length) {
        values = Arrays.copyOf(values, Math.multiplyExact(2, count));
      }
      values[count] = numbers.read(record);
      count++;
      dates.add(record);
      nextLine = record.line() + 1;
      record = record.line() == first.line() ? second : records.nextFilled();
    }
    numbers.finish();
    dates.finish(first);
    float[] all = Arrays.copyOf(values, count);
    if (onlyMissing(all)) {
      throw new IOException(name + ": no value in column " + how.column());
    }
    return new SeriesFile(column.title(), all, column.remark());
  }

  private static boolean onlyMissing(float[] values) {
    for (float value : values) {
      if (!Float.isNaN(value)) {
        return false;
      }
    }
    return true;
  }
}
