package org.xlstm4j.cli.serve.language;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;

/**
 * What all parts of an answer begin with.
 *
 * @param id of the answer
 * @param created seconds since 1970
 * @param model its name
 */
record AnswerHead(String id, long created, String model) {
  static AnswerHead of(AnswerFormat format, String model) {
    String id = format.idPrefix() + UUID.randomUUID().toString().replace("-", "");
    return new AnswerHead(id, Instant.now().getEpochSecond(), model);
  }

  void write(String kind, JsonGenerator json) throws IOException {
    json.writeStringField("id", id);
    json.writeStringField("object", kind);
    json.writeNumberField("created", created);
    json.writeStringField("model", model);
  }
}
