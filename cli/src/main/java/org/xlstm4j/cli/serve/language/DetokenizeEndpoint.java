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
    Fields fields = exchange.fields(List.of("tokens"));
    ServedLanguage model = languages.find(fields);
    Object value = fields.value("tokens");
    if (value instanceof List<?> none && none.isEmpty()) {
      value = new double[0];
    }
    if (!(value instanceof double[] list)) {
      throw fields.wrong("tokens", value, "a list of tokens");
    }
    fields.refuseOthers();
    int[] tokens = new int[list.length];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = (int) list[i];
      if (tokens[i] != list[i] || !model.texts().tokenizer().contains(tokens[i])) {
        throw fields.wrong("tokens", list[i], "tokens of the vocabulary");
      }
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
