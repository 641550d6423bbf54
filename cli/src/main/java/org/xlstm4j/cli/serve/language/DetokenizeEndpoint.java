package org.xlstm4j.cli.serve.language;

import java.io.IOException;
import java.util.List;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.http.Endpoint;
import org.xlstm4j.cli.serve.http.Exchange;
import org.xlstm4j.cli.serve.json.Fields;
import org.xlstm4j.cli.serve.json.JsonException;

/** Shows the text of tokens: {@code /detokenize}. */
final class DetokenizeEndpoint implements Endpoint {
  private final ServedLanguages languages;

  DetokenizeEndpoint(ServedLanguages languages) {
    this.languages = languages;
  }

  @Override
  public void answer(Exchange exchange) throws ApiException, JsonException, IOException {
    Fields fields = exchange.fields();
    ServedLanguage model = languages.find(fields);
    Object value = fields.value("tokens");
    if (!(value instanceof List<?> list)) {
      throw fields.wrong("tokens", value, "a list of tokens");
    }
    fields.refuseOthers();
    int[] tokens = new int[list.size()];
    for (int i = 0; i < tokens.length; i++) {
      if (!(list.get(i) instanceof Long token)
          || token != token.intValue()
          || !model.texts().tokenizer().contains(token.intValue())) {
        throw fields.wrong("tokens", list.get(i), "tokens of the vocabulary");
      }
      tokens[i] = token.intValue();
    }
    String text = model.texts().tokenizer().decode(tokens);
    exchange.json(
        json -> {
          json.writeStartObject();
          json.writeStringField("content", text);
          json.writeEndObject();
        });
  }
}
