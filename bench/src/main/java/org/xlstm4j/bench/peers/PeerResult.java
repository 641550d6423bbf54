package org.xlstm4j.bench.peers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;

/**
 * What a runtime answers.
 *
 * @param runtime its name and version
 * @param check the first logits behind {@link PeerTask#checkTokens}
 * @param units tokens of a run
 * @param seconds of each run
 * @param figures whatever else was measured, by name
 */
record PeerResult(
    String runtime,
    List<Float> check,
    int units,
    List<Double> seconds,
    Map<String, Double> figures) {
  private static final int CHECKED = 32;

  static List<Float> check(float[] logits) {
    Float[] first = new Float[CHECKED];
    for (int i = 0; i < CHECKED; i++) {
      first[i] = logits[i];
    }
    return List.of(first);
  }

  /** One line of JSON. */
  String toJson() throws IOException {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("runtime", runtime);
      json.writeArrayFieldStart("check");
      for (float logit : check) {
        json.writeNumber(logit);
      }
      json.writeEndArray();
      json.writeNumberField("units", units);
      json.writeArrayFieldStart("seconds");
      for (double run : seconds) {
        json.writeNumber(run);
      }
      json.writeEndArray();
      for (Map.Entry<String, Double> figure : figures.entrySet()) {
        json.writeNumberField(figure.getKey(), figure.getValue());
      }
      json.writeEndObject();
    }
    return line.toString();
  }
}
