package org.xlstm4j.cli.serve.language;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.http.Exchange;
import org.xlstm4j.cli.serve.json.Json;
import org.xlstm4j.models.language.EndReason;
import org.xlstm4j.models.language.TextPiece;
import org.xlstm4j.models.language.TokenChoice;

/** Collects texts for an answer that is sent when all are there. */
final class WholeAnswer implements TextReceiver, Json.Writing {
  /** About what a token takes with its log probability, and each of its alternatives. */
  private static final int BYTES_PER_TOKEN = 32;

  private final Exchange exchange;
  private final AnswerFormat format;
  private final AnswerHead head;
  private final TokenCount count;
  private final List<Text> texts = new ArrayList<>();

  /** A text that grows. */
  private static final class Text {
    final StringBuilder text = new StringBuilder();
    final @Nullable List<TokenChoice> tokens;
    @Nullable EndReason end;

    Text(String begin, boolean tokens) {
      text.append(begin);
      this.tokens = tokens ? new ArrayList<>() : null;
    }
  }

  /**
   * An answer.
   *
   * @param exchange whose answer it is
   * @param begins what each text begins with, before anything is generated
   * @param tokens whether tokens are shown
   */
  WholeAnswer(
      Exchange exchange,
      AnswerFormat format,
      AnswerHead head,
      TokenCount count,
      List<String> begins,
      boolean tokens) {
    this.exchange = exchange;
    this.format = format;
    this.head = head;
    this.count = count;
    begins.forEach(begin -> texts.add(new Text(begin, tokens)));
  }

  @Override
  public void piece(int index, TextPiece piece) throws ApiException {
    Text text = texts.get(index);
    exchange.hold((long) Character.BYTES * piece.text().length());
    text.text.append(piece.text());
    if (text.tokens != null) {
      for (TokenChoice choice : piece.choices()) {
        exchange.hold((1L + choice.likeliest().size()) * BYTES_PER_TOKEN);
        text.tokens.add(choice);
      }
    }
  }

  @Override
  public void end(SequenceEvents.Event.End end) {
    texts.get(end.index()).end = end.usage().end();
    count.add(end);
  }

  @Override
  public void waiting() {}

  @Override
  public void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    head.write(format.kind(false), json);
    json.writeArrayFieldStart("choices");
    for (int i = 0; i < texts.size(); i++) {
      Text text = texts.get(i);
      json.writeStartObject();
      format.whole(new Choice(i, text.text.toString(), text.tokens, 0, text.end), json);
      json.writeEndObject();
    }
    json.writeEndArray();
    count.write(json);
    json.writeEndObject();
  }
}
