package org.xlstm4j.cli.series;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.forecast.ForecastModel;

/**
 * Reads the fields of one column as numbers. Whether they have decimal points or decimal commas is
 * told by the column as a whole; what could be either a decimal comma or a separator of thousands
 * is refused.
 */
final class SeriesNumbers {
  private static final Set<String> MISSING =
      Set.of("", "-", ".", "?", "na", "n/a", "n.a.", "#n/a", "<na>", "nan", "null", "none");

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]+)?");

  /** With a comma as decimal sign below 1000, with one as separator of thousands above. */
  private static final Pattern THOUSANDS = Pattern.compile("[+-]?[1-9][0-9]{0,2},[0-9]{3}");

  private final int index;
  private final String column;
  private final boolean decimalCommas;
  private boolean points;
  private boolean commas;
  private @Nullable IOException doubt;
  private float[] values = new float[1024];
  private int count;

  /**
   * The numbers of a column.
   *
   * @param index of the column
   * @param column its title
   * @param decimalCommas whether a comma is a decimal sign for sure
   */
  SeriesNumbers(int index, String column, boolean decimalCommas) {
    this.index = index;
    this.column = column;
    this.decimalCommas = decimalCommas;
    commas = decimalCommas;
  }

  /** Whether a field stands for a value that is not there. */
  static boolean isMissing(String field) {
    return MISSING.contains(field.strip().toLowerCase(Locale.ROOT));
  }

  /** Whether a field holds a number, with whatever decimal sign. */
  static boolean isNumber(String field) {
    return NUMBER.matcher(field.strip()).matches();
  }

  /**
   * Reads the column's field of a record.
   *
   * @throws IOException naming the line of what is no number, or has another decimal sign than the
   *     fields before
   */
  void add(CsvRecord record) throws IOException {
    if (count == values.length) {
      values = Arrays.copyOf(values, Math.multiplyExact(2, count));
    }
    values[count] = read(record);
    count++;
  }

  private float read(CsvRecord record) throws IOException {
    String text = record.fields().get(index).strip();
    if (isMissing(text)) {
      return Float.NaN;
    }
    if (!isNumber(text)) {
      throw error(record, text, "a number or nothing");
    }
    if (text.indexOf(',') >= 0) {
      if (!decimalCommas && THOUSANDS.matcher(text).matches()) {
        if (doubt == null) {
          doubt =
              error(
                  record,
                  text,
                  "--decimal-comma if the comma is a decimal sign, else no separator of thousands");
        }
      } else {
        commas = true;
      }
    } else if (text.indexOf('.') >= 0) {
      points = true;
    }
    if (commas && points) {
      throw error(record, text, "the decimal sign of the lines before");
    }
    float value = Float.parseFloat(text.replace(',', '.'));
    if (Math.abs(value) > ForecastModel.LARGEST_VALUE) {
      throw error(record, text, "at most " + ForecastModel.LARGEST_VALUE);
    }
    return value;
  }

  /**
   * Ends the column.
   *
   * @param file what the file is called, for errors
   * @return its values, NaN where they are missing
   * @throws IOException if there is no value, or a field could be read in two ways, and no other
   *     one told which
   */
  float[] finish(String file) throws IOException {
    if (doubt != null && !commas) {
      throw doubt;
    }
    float[] all = Arrays.copyOf(values, count);
    for (float value : all) {
      if (!Float.isNaN(value)) {
        return all;
      }
    }
    throw new IOException(file + ": no value in column " + column);
  }

  private IOException error(CsvRecord record, String field, String expected) {
    return record.error(
        CsvRecord.quoted(field) + " in column " + column + ", expected " + expected);
  }
}
