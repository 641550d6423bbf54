package org.xlstm4j.cli.serve.embedding;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.serve.json.Fields;
import org.xlstm4j.cli.serve.json.JsonException;

/**
 * Series to be embedded, in OpenAI's shape with numbers in place of texts.
 *
 * @param model its name, or null for the default
 * @param series each {@code [variates][values]}, NaN where a value is missing
 * @param base64 whether the vectors are wanted as bytes, 32-bit floats from the lowest byte on
 */
record EmbeddingRequest(@Nullable String model, List<float[][]> series, boolean base64) {
  /** Fields whose values are lists of numbers, or lists of these. */
  static final List<String> NUMBERS = List.of("input");

  private static final int MOST_ROWS = 4096;

  /** Reads the fields of a request. */
  static EmbeddingRequest of(Fields fields) throws JsonException {
    String model = fields.has("model") ? fields.text("model") : null;
    boolean base64 = base64(fields.textOr("encoding_format", "float"));
    fields.neutral("user", fields.textOr("user", ""));
    List<float[][]> series = series(fields, fields.value("input"));
    fields.refuseOthers();
    return new EmbeddingRequest(model, series, base64);
  }

  /** Whether a format is that of bytes. */
  static boolean base64(String format) throws JsonException {
    return switch (format) {
      case "base64" -> true;
      case "float" -> false;
      default ->
          throw new JsonException("encoding_format", "encoding_format is neither float nor base64");
    };
  }

  /** Values that were sent. */
  long values() {
    return series.stream().mapToLong(one -> (long) one.length * one[0].length).sum();
  }

  private static List<float[][]> series(Fields fields, @Nullable Object input)
      throws JsonException {
    if (input instanceof double[] single) {
      return List.<float[][]>of(new float[][] {row("input", single)});
    }
    if (!(input instanceof List<?> list) || list.isEmpty()) {
      throw fields.wrong(
          "input",
          input,
          "a series as a list of numbers, or a list of series; texts have no vectors");
    }
    List<float[][]> series = new ArrayList<>();
    long rows = 0;
    for (Object item : list) {
      String name = "input[" + series.size() + "]";
      List<?> variates = item instanceof List<?> several ? several : List.of(item);
      rows += variates.size();
      if (variates.isEmpty() || rows > MOST_ROWS) {
        throw new JsonException(
            name, name + ": expected numbers, in at most " + MOST_ROWS + " rows in all");
      }
      float[][] values = new float[variates.size()][];
      for (int i = 0; i < values.length; i++) {
        values[i] = row(name, variates.get(i));
        if (values[i].length != values[0].length) {
          throw new JsonException(name, name + ": its variates are not of one length");
        }
      }
      series.add(values);
    }
    return series;
  }

  private static float[] row(String name, Object value) throws JsonException {
    if (!(value instanceof double[] numbers)) {
      throw new JsonException(
          name, name + ": expected a list of numbers, null where one is missing");
    }
    float[] row = new float[numbers.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) numbers[i];
    }
    return row;
  }
}
