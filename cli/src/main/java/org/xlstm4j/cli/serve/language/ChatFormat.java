package org.xlstm4j.cli.serve.language;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.language.TokenChoice;
import org.xlstm4j.models.language.TokenProbability;

/**
 * Answers of {@code /v1/chat/completions}.
 *
 * @param texts of tokens
 */
record ChatFormat(TokenTexts texts) implements AnswerFormat {
  @Override
  public String idPrefix() {
    return "chatcmpl-";
  }

  @Override
  public String kind(boolean stream) {
    return stream ? "chat.completion.chunk" : "chat.completion";
  }

  @Override
  public boolean opensStream() {
    return true;
  }

  @Override
  public void whole(Choice choice, JsonGenerator json) throws IOException {
    json.writeNumberField("index", choice.index());
    json.writeObjectFieldStart("message");
    json.writeStringField("role", "assistant");
    json.writeStringField("content", choice.text());
    json.writeNullField("refusal");
    json.writeEndObject();
    end(choice, json);
  }

  @Override
  public void part(Choice choice, boolean first, JsonGenerator json) throws IOException {
    json.writeNumberField("index", choice.index());
    json.writeObjectFieldStart("delta");
    if (first) {
      json.writeStringField("role", "assistant");
    }
    if (first || choice.end() == null) {
      json.writeStringField("content", choice.text());
    }
    json.writeEndObject();
    end(choice, json);
  }

  private void end(Choice choice, JsonGenerator json) throws IOException {
    json.writeFieldName("logprobs");
    logProbabilities(choice.tokens(), json);
    json.writeStringField("finish_reason", choice.finishReason());
  }

  private void logProbabilities(@Nullable List<TokenChoice> tokens, JsonGenerator json)
      throws IOException {
    if (tokens == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeArrayFieldStart("content");
    for (TokenChoice token : tokens) {
      json.writeStartObject();
      token(token.chosen(), json);
      json.writeArrayFieldStart("top_logprobs");
      for (TokenProbability likely : token.likeliest()) {
        json.writeStartObject();
        token(likely, json);
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNullField("refusal");
    json.writeEndObject();
  }

  private void token(TokenProbability token, JsonGenerator json) throws IOException {
    json.writeStringField("token", texts.text(token.token()));
    json.writeNumberField("logprob", token.logProbability());
    json.writeArrayFieldStart("bytes");
    for (byte value : texts.bytes(token.token())) {
      json.writeNumber(Byte.toUnsignedInt(value));
    }
    json.writeEndArray();
  }
}
