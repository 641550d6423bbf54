package org.xlstm4j.cli.series;

import java.io.IOException;
import java.io.InputStream;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.forecast.ForecastModel;

/**
 * Reads a file of separated values in which each row is a series, as the UCR archive has them:
 * perhaps a label, and values, oldest first.
 *
 * @param label heading or number of the column with labels, or null
 * @param separator of the fields, or null
 * @param decimalCommas whether commas are decimal signs
 * @param firstLine what the first line holds
 */
record SeriesRows(
    @Nullable String label,
    @Nullable Character separator,
    boolean decimalCommas,
    SeriesColumn.FirstLine firstLine) {
  /** Rows that may be as short as they like: a series takes far more than its text. */
  private static final int MANY = 1 << 18;

  private static final int FIELDS_OF_MANY = 16;

  SeriesSet read(String file, InputStream in) throws IOException {
    String name = CsvText.name(file);
    try (CsvReader records =
        CsvText.open(name, CsvText.bytes(file, in), separator, decimalCommas)) {
      return read(name, records);
    }
  }

  private SeriesSet read(String name, CsvReader records) throws IOException {
    CsvRecord first = records.nextFilled();
    if (first == null) {
      throw new IOException(name + ": nothing, expected a series a line");
    }
    int named = label == null ? -1 : labelHeading(first, label);
    int labelIndex = label == null || named >= 0 ? named : labelNumber(first, label);
    boolean headed = named >= 0 || isHeading(first, labelIndex);
    List<String> labels = new ArrayList<>();
    Map<String, String> known = new HashMap<>();
    List<float[]> series = new ArrayList<>();
    int fields = first.fields().size();
    for (CsvRecord record = headed ? records.nextFilled() : first;
        record != null;
        record = records.nextFilled()) {
      if (record.fields().size() != fields) {
        throw record.error(
            record.fields().size()
                + " fields, expected "
                + fields
                + " as in the first line, NA where a value is missing");
      }
      if (series.size() == MANY && fields < FIELDS_OF_MANY) {
        throw record.error(
            "more than %d rows of fewer than %d fields".formatted(MANY, FIELDS_OF_MANY));
      }
      series.add(values(record, labelIndex));
      if (labelIndex >= 0) {
        labels.add(known.computeIfAbsent(label(record, labelIndex), label -> label));
      }
    }
    if (series.isEmpty()) {
      throw new IOException(name + ": no series behind the headings");
    }
    return new SeriesSet(
        new RowNumbers(series.size()), labels, series, remarks(headed, series.getFirst()));
  }

  /** What could be read in another way. */
  private List<String> remarks(boolean headed, float... first) {
    boolean inDoubt = firstLine == SeriesColumn.FirstLine.UNKNOWN && !headed && counts(first);
    return inDoubt
        ? List.of("line 1 is read as values, not as headings (--heading, --no-heading)")
        : List.of();
  }

  /** Whether values count up by one, as headings do that are numbers of columns. */
  private static boolean counts(float... values) {
    for (int i = 1; i < values.length; i++) {
      if (values[i] != values[i - 1] + 1) {
        return false;
      }
    }
    return values.length > 2;
  }

  /** Index of the column with this heading, or -1; a number is that of a column, if it can be. */
  private int labelHeading(CsvRecord first, String wanted) {
    boolean byNumber = isCount(wanted) && firstLine != SeriesColumn.FirstLine.HEADINGS;
    return byNumber || firstLine == SeriesColumn.FirstLine.VALUES
        ? -1
        : first.fields().stream().map(String::strip).toList().indexOf(wanted.strip());
  }

  private static int labelNumber(CsvRecord first, String wanted) throws IOException {
    int fields = first.fields().size();
    int number = isCount(wanted) ? Integer.parseInt(wanted) : 0;
    if (number < 1 || number > fields) {
      throw first.error(
          "no column '" + wanted + "', expected a heading or a number from 1 to " + fields);
    }
    return number - 1;
  }

  private static boolean isCount(String text) {
    return text.matches("[0-9]{1,6}");
  }

  /** Headings are words where values are expected. */
  private boolean isHeading(CsvRecord first, int labelIndex) throws IOException {
    if (firstLine != SeriesColumn.FirstLine.UNKNOWN) {
      return firstLine == SeriesColumn.FirstLine.HEADINGS;
    }
    int words = 0;
    int values = 0;
    for (int i = 0; i < first.fields().size(); i++) {
      String field = first.fields().get(i);
      if (i != labelIndex && !SeriesNumbers.isMissing(field)) {
        words += SeriesNumbers.isNumber(field) ? 0 : 1;
        values += SeriesNumbers.isNumber(field) ? 1 : 0;
      }
    }
    if (words > 0 && values > 0) {
      throw first.error(
          "numbers and words, expected --heading if these are headings, else --label C for the"
              + " column with words");
    }
    return words > 0;
  }

  private static String label(CsvRecord record, int index) throws IOException {
    String label = record.fields().get(index).strip();
    if (label.isEmpty()) {
      throw record.error("no label in column " + (index + 1));
    }
    return label;
  }

  private float[] values(CsvRecord record, int labelIndex) throws IOException {
    int fields = record.fields().size();
    float[] values = new float[labelIndex < 0 ? fields : fields - 1];
    boolean present = false;
    int to = 0;
    for (int i = 0; i < fields; i++) {
      if (i != labelIndex) {
        values[to] = value(record, i);
        present |= !Float.isNaN(values[to]);
        to++;
      }
    }
    if (!present) {
      throw record.error("no value, expected a series");
    }
    return values;
  }

  private float value(CsvRecord record, int index) throws IOException {
    String text = record.fields().get(index).strip();
    if (SeriesNumbers.isMissing(text)) {
      return Float.NaN;
    }
    if (!SeriesNumbers.isNumber(text) || text.indexOf(decimalCommas ? '.' : ',') >= 0) {
      throw record.error(
          "'%.60s' in column %d, expected a number%s or nothing"
              .formatted(text, index + 1, decimalCommas ? " with a decimal comma" : ""));
    }
    float value = Float.parseFloat(text.replace(',', '.'));
    if (Math.abs(value) > ForecastModel.LARGEST_VALUE) {
      throw record.error(
          "'%.60s' in column %d, expected at most %s"
              .formatted(text, index + 1, ForecastModel.LARGEST_VALUE));
    }
    return value;
  }

  /** The names of rows: their numbers from 1. */
  private static final class RowNumbers extends AbstractList<String> {
    private final int count;

    RowNumbers(int count) {
      this.count = count;
    }

    @Override
    public String get(int index) {
      return String.valueOf(Objects.checkIndex(index, count) + 1);
    }

    @Override
    public int size() {
      return count;
    }
  }
}
