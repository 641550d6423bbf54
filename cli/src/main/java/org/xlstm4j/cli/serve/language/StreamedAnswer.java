package org.xlstm4j.cli.serve.language;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.serve.http.EventStream;
import org.xlstm4j.models.language.EndReason;
import org.xlstm4j.models.language.TextPiece;
import org.xlstm4j.models.language.TokenChoice;

/** Sends texts as they come, an event a piece. */
final class StreamedAnswer implements TextReceiver {
  private final AnswerFormat format;
  private final AnswerHead head;
  private final TokenCount count;
  private final TokenTexts names;
  private final boolean tokens;
  private final EventStream events;
  private final int[] offsets;

  /**
   * An answer, which begins here.
   *
   * @param begins what each text begins with, before anything is generated
   * @param tokens whether tokens are shown
   */
  StreamedAnswer(
      AnswerFormat format,
      AnswerHead head,
      TokenCount count,
      TokenTexts names,
      List<String> begins,
      boolean tokens,
      EventStream events)
      throws IOException {
    this.format = format;
    this.head = head;
    this.count = count;
    this.names = names;
    this.tokens = tokens;
    this.events = events;
    offsets = new int[begins.size()];
    for (int i = 0; i < begins.size(); i++) {
      if (format.opensStream() || !begins.get(i).isEmpty()) {
        send(i, begins.get(i), List.of(), null, true);
      }
    }
  }

  @Override
  public void piece(int index, TextPiece piece) throws IOException {
    send(index, piece.text(), piece.choices(), null, false);
    for (TokenChoice choice : piece.choices()) {
      offsets[index] += names.text(choice.chosen().token()).length();
    }
  }

  @Override
  public void end(SequenceEvents.Event.End end) throws IOException {
    count.add(end);
    send(end.index(), "", List.of(), end.usage().end(), false);
  }

  @Override
  public void waiting() throws IOException {
    events.comment();
  }

  private void send(
      int index, String text, List<TokenChoice> choices, @Nullable EndReason end, boolean first)
      throws IOException {
    boolean shown = tokens && !choices.isEmpty();
    Choice choice = new Choice(index, text, shown ? choices : null, offsets[index], end);
    events.json(
        json -> {
          json.writeStartObject();
          head.write(format.kind(true), json);
          json.writeArrayFieldStart("choices");
          json.writeStartObject();
          format.part(choice, first, json);
          json.writeEndObject();
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** Ends the answer, with the number of tokens if they were asked for. */
  void done(boolean usage) throws IOException {
    if (usage) {
      events.json(
          json -> {
            json.writeStartObject();
            head.write(format.kind(true), json);
            json.writeArrayFieldStart("choices");
            json.writeEndArray();
            count.write(json);
            json.writeEndObject();
          });
    }
    events.done();
  }
}
