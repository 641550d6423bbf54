package org.xlstm4j.cli.serve.language;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** Counts the tokens of a request's texts: a prompt once, however many texts follow it. */
final class TokenCount {
  private final int textsOfPrompt;
  private int prompt;
  private int cached;
  private int generated;

  TokenCount(int textsOfPrompt) {
    this.textsOfPrompt = textsOfPrompt;
  }

  void add(SequenceEvents.Event.End end) {
    if (end.index() % textsOfPrompt == 0) {
      prompt += end.usage().promptTokens();
      cached += end.cached();
    }
    generated += end.usage().generatedTokens();
  }

  void write(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("usage");
    json.writeNumberField("prompt_tokens", prompt);
    json.writeNumberField("completion_tokens", generated);
    json.writeNumberField("total_tokens", prompt + generated);
    json.writeObjectFieldStart("prompt_tokens_details");
    json.writeNumberField("cached_tokens", cached);
    json.writeEndObject();
    json.writeEndObject();
  }
}
