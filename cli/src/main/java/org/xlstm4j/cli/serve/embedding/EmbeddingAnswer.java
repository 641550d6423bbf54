package org.xlstm4j.cli.serve.embedding;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import org.xlstm4j.cli.serve.json.Json;

/**
 * Vectors in OpenAI's shape.
 *
 * @param model its name
 * @param vectors one for each series or picture
 * @param base64 whether they are written as bytes
 * @param used what OpenAI counts in tokens: values of series, or pictures
 */
record EmbeddingAnswer(String model, List<float[]> vectors, boolean base64, long used)
    implements Json.Writing {
  @Override
  public void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("object", "list");
    json.writeStringField("model", model);
    json.writeArrayFieldStart("data");
    for (int i = 0; i < vectors.size(); i++) {
      json.writeStartObject();
      json.writeStringField("object", "embedding");
      json.writeNumberField("index", i);
      json.writeFieldName("embedding");
      if (base64) {
        json.writeString(text(vectors.get(i)));
      } else {
        json.writeStartArray();
        for (float value : vectors.get(i)) {
          json.writeNumber(value);
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectFieldStart("usage");
    json.writeNumberField("prompt_tokens", used);
    json.writeNumberField("total_tokens", used);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static String text(float... vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(vector.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
