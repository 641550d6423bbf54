package org.xlstm4j.cli.serve.language;

import java.io.IOException;
import java.util.List;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.http.Endpoint;
import org.xlstm4j.cli.serve.http.Exchange;
import org.xlstm4j.cli.serve.json.Fields;
import org.xlstm4j.cli.serve.json.JsonException;
import org.xlstm4j.loader.tokenizer.Tokenizer;

/** Shows the text of tokens: {@code /detokenize}. */
final class DetokenizeEndpoint implements Endpoint {
  private static final String NAME = "tokens";

  private final ServedLanguages languages;

  DetokenizeEndpoint(ServedLanguages languages) {
    this.languages = languages;
  }

  @Override
  public void answer(Exchange exchange) throws ApiException, JsonException, IOException {
    Fields fields = exchange.fields(List.of(NAME));
    ServedLanguage model = languages.find(fields);
    Object value = fields.value(NAME);
    if (value instanceof List<?> none && none.isEmpty()) {
      value = new double[0];
    }
    if (!(value instanceof double[] list)) {
      throw fields.wrong(NAME, value, "a list of tokens");
    }
    fields.refuseOthers();
    Tokenizer tokenizer = model.texts().tokenizer();
    String text =
        tokenizer.decode(
            TokenNumbers.read(fields, NAME, list, tokenizer::contains, "tokens of the vocabulary"));
    exchange.json(
        json -> {
          json.writeStartObject();
          json.writeStringField("content", text);
          json.writeEndObject();
        });
  }
}
