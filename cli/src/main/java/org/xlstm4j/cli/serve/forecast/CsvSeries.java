package org.xlstm4j.cli.serve.forecast;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Arrays;
import org.xlstm4j.cli.series.Series;
import org.xlstm4j.cli.series.SeriesFile;
import org.xlstm4j.cli.series.SeriesTimes;

/**
 * What an answer says of series that came as separated values: what they are called, the times that
 * follow and, if wanted, their last values.
 *
 * @param file the series
 * @param history how many of the last values are wanted
 */
record CsvSeries(SeriesFile file, int history) {
  /** What all series have in common. */
  void write(JsonGenerator json, int horizon) throws IOException {
    SeriesTimes times = file.times();
    if (times != null) {
      json.writeArrayFieldStart("times");
      for (int step = 1; step <= horizon; step++) {
        json.writeString(times.ahead(step));
      }
      json.writeEndArray();
      if (history > 0 && times.isRegular()) {
        json.writeArrayFieldStart("history_times");
        for (int step = 1 - shown(); step <= 0; step++) {
          json.writeString(times.ahead(step));
        }
        json.writeEndArray();
      }
    }
    if (!file.remarks().isEmpty()) {
      json.writeArrayFieldStart("remarks");
      for (String remark : file.remarks()) {
        json.writeString(remark);
      }
      json.writeEndArray();
    }
  }

  /** What is said of one of them. */
  void writeSeries(JsonGenerator json, int index) throws IOException {
    Series series = file.targets().get(index);
    json.writeStringField("name", series.title());
    if (history > 0) {
      json.writeFieldName("history");
      writeHistory(json, series);
    }
  }

  /** What is said of all of them together. */
  void writeGroup(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("names");
    for (Series series : file.targets()) {
      json.writeString(series.title());
    }
    json.writeEndArray();
    if (history > 0) {
      json.writeArrayFieldStart("history");
      for (Series series : file.targets()) {
        writeHistory(json, series);
      }
      json.writeEndArray();
    }
  }

  private void writeHistory(JsonGenerator json, Series series) throws IOException {
    float[] values = series.values();
    json.writeStartArray();
    for (float value : Arrays.copyOfRange(values, values.length - shown(), values.length)) {
      if (Float.isNaN(value)) {
        json.writeNull();
      } else {
        json.writeNumber(value);
      }
    }
    json.writeEndArray();
  }

  private int shown() {
    return Math.min(history, file.length());
  }
}
