package org.xlstm4j.cli.commands;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import org.xlstm4j.loader.tokenizer.Tokenizer;
import org.xlstm4j.models.language.TokenChoice;
import org.xlstm4j.models.language.TokenProbability;

/**
 * Generated tokens as JSON lines: the entries of {@code logprobs.content} in OpenAI's chat
 * completions, and each token's id.
 *
 * <pre>{@code
 * {"token":" the","id":253,"logprob":-0.51,"bytes":[32,116,104,101],"top_logprobs":[...]}
 * }</pre>
 */
final class TokenLines {
  private static final JsonFactory JSON = new JsonFactory();

  private final Tokenizer tokenizer;

  TokenLines(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** The line of a token, with its end. */
  String line(TokenChoice choice) throws IOException {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      writeFields(choice.chosen(), json);
      json.writeArrayFieldStart("top_logprobs");
      for (TokenProbability likely : choice.likeliest()) {
        json.writeStartObject();
        writeFields(likely, json);
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return line + "\n";
  }

  private void writeFields(TokenProbability token, JsonGenerator json) throws IOException {
    int id = token.token();
    boolean known = tokenizer.contains(id);
    json.writeStringField("token", known ? tokenizer.decode(new int[] {id}) : "");
    json.writeNumberField("id", id);
    json.writeFieldName("logprob");
    if (Double.isFinite(token.logProbability())) {
      json.writeNumber((float) token.logProbability());
    } else {
      json.writeNull();
    }
    json.writeArrayFieldStart("bytes");
    for (byte b : known ? tokenizer.bytes(id) : new byte[0]) {
      json.writeNumber(b & 0xFF);
    }
    json.writeEndArray();
  }
}
