package org.xlstm4j.cli.serve.language;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.language.TokenChoice;
import org.xlstm4j.models.language.TokenProbability;

/**
 * Answers of {@code /v1/completions}.
 *
 * @param names of tokens
 */
record CompletionFormat(TokenTexts names) implements AnswerFormat {
  @Override
  public String idPrefix() {
    return "cmpl-";
  }

  @Override
  public String kind(boolean stream) {
    return "text_completion";
  }

  @Override
  public boolean opensStream() {
    return false;
  }

  @Override
  public void whole(Choice choice, JsonGenerator json) throws IOException {
    json.writeStringField("text", choice.text());
    json.writeNumberField("index", choice.index());
    json.writeFieldName("logprobs");
    logProbabilities(choice.tokens(), choice.offset(), json);
    json.writeStringField("finish_reason", choice.finishReason());
  }

  @Override
  public void part(Choice choice, boolean first, JsonGenerator json) throws IOException {
    whole(choice, json);
  }

  private void logProbabilities(@Nullable List<TokenChoice> tokens, int offset, JsonGenerator json)
      throws IOException {
    if (tokens == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeArrayFieldStart("tokens");
    for (TokenChoice token : tokens) {
      json.writeString(names.key(token.chosen().token()));
    }
    json.writeEndArray();
    json.writeArrayFieldStart("token_logprobs");
    for (TokenChoice token : tokens) {
      json.writeNumber(token.chosen().logProbability());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("top_logprobs");
    for (TokenChoice token : tokens) {
      json.writeStartObject();
      for (Map.Entry<String, Double> one : byKey(token).entrySet()) {
        json.writeNumberField(one.getKey(), one.getValue());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("text_offset");
    int at = offset;
    for (TokenChoice token : tokens) {
      json.writeNumber(at);
      at += names.text(token.chosen().token()).length();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** The likeliest tokens and the chosen one; of those with the same text the likeliest. */
  private Map<String, Double> byKey(TokenChoice token) {
    Map<String, Double> all = new LinkedHashMap<>();
    for (TokenProbability likely : token.likeliest()) {
      all.putIfAbsent(names.key(likely.token()), likely.logProbability());
    }
    all.putIfAbsent(names.key(token.chosen().token()), token.chosen().logProbability());
    return all;
  }
}
