package org.xlstm4j.cli.serve.language;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.http.Endpoint;
import org.xlstm4j.cli.serve.http.Exchange;
import org.xlstm4j.cli.serve.json.Fields;
import org.xlstm4j.cli.serve.json.JsonException;

/** Shows the tokens of a text: {@code /tokenize}. */
final class TokenizeEndpoint implements Endpoint {
  private final ServedLanguages languages;

  TokenizeEndpoint(ServedLanguages languages) {
    this.languages = languages;
  }

  @Override
  public void answer(Exchange exchange) throws ApiException, JsonException, IOException {
    Fields fields = exchange.fields();
    ServedLanguage model = languages.find(fields);
    String text = fields.text("content");
    boolean begin = fields.flagOr("add_special", false);
    boolean pieces = fields.flagOr("with_pieces", false);
    fields.refuseOthers();
    int[] tokens = model.encode(text, begin);
    exchange.json(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("tokens");
          for (int token : tokens) {
            write(token, pieces, model.texts(), json);
          }
          json.writeEndArray();
          json.writeNumberField("count", tokens.length);
          json.writeEndObject();
        });
  }

  private static void write(int token, boolean piece, TokenTexts texts, JsonGenerator json)
      throws IOException {
    if (!piece) {
      json.writeNumber(token);
      return;
    }
    json.writeStartObject();
    json.writeNumberField("id", token);
    json.writeStringField("piece", texts.text(token));
    json.writeEndObject();
  }
}
