package org.xlstm4j.cli.serve.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.process.Failures;
import org.xlstm4j.cli.serve.json.Json;

/**
 * An error as OpenAI's clients read it. What it repeats of a request comes on one line of bounded
 * length.
 *
 * @param message for a person
 * @param type a class of errors
 * @param param the field it is about
 * @param code for a program
 */
record ErrorBody(String message, String type, @Nullable String param, @Nullable String code)
    implements Json.Writing {
  @Override
  public void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("error");
    json.writeStringField("message", Failures.oneLine(message));
    json.writeStringField("type", type);
    json.writeStringField("param", param == null ? null : Failures.oneLine(param));
    json.writeStringField("code", code);
    json.writeEndObject();
    json.writeEndObject();
  }
}
