package org.xlstm4j.cli.serve.language;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.xlstm4j.models.language.Usage;

/** Counts the tokens of a request's texts: a prompt once, however many texts follow it. */
final class TokenCount {
  private final int textsOfPrompt;
  private int prompt;
  private int generated;

  TokenCount(int textsOfPrompt) {
    this.textsOfPrompt = textsOfPrompt;
  }

  void add(int index, Usage usage) {
    prompt += index % textsOfPrompt == 0 ? usage.promptTokens() : 0;
    generated += usage.generatedTokens();
  }

  void write(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("usage");
    json.writeNumberField("prompt_tokens", prompt);
    json.writeNumberField("completion_tokens", generated);
    json.writeNumberField("total_tokens", prompt + generated);
    json.writeEndObject();
  }
}
