package org.xlstm4j.cli.chat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.Locale;
import org.xlstm4j.models.chat.ChatAnswer;
import org.xlstm4j.models.language.TextPiece;
import org.xlstm4j.models.language.Usage;

/** Writes answers as they come, or each as a line of JSON. */
final class ChatOutput {
  private static final JsonFactory JSON = new JsonFactory();

  private final Writer out;
  private final boolean json;

  ChatOutput(Writer out, boolean json) {
    this.out = out;
    this.json = json;
  }

  void write(ChatAnswer answer) throws IOException {
    for (TextPiece piece : answer) {
      if (!json) {
        out.write(piece.text());
        out.flush();
      }
    }
    Usage usage = answer.finish();
    out.write(json ? line(answer.text(), usage) : "\n");
    out.flush();
  }

  private static String line(String text, Usage usage) throws IOException {
    StringWriter line = new StringWriter();
    try (JsonGenerator generator = JSON.createGenerator(line)) {
      generator.writeStartObject();
      generator.writeStringField("role", "assistant");
      generator.writeStringField("content", text);
      generator.writeStringField("end", usage.end().name().toLowerCase(Locale.ROOT));
      generator.writeNumberField("prompt_tokens", usage.promptTokens());
      generator.writeNumberField("generated_tokens", usage.generatedTokens());
      generator.writeEndObject();
    }
    return line + "\n";
  }
}
