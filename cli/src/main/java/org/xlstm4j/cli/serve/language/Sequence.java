package org.xlstm4j.cli.serve.language;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.models.language.GenerationOptions;
import org.xlstm4j.models.language.LanguageSession;
import org.xlstm4j.models.language.TextGenerator;
import org.xlstm4j.models.language.TextPiece;
import org.xlstm4j.models.language.TextStream;
import org.xlstm4j.models.language.Usage;

/**
 * One text to be generated, as one of those that a request asks for. It belongs to one thread of
 * the scheduler at a time, but for {@link #cancel}.
 */
final class Sequence {
  private final ServedLanguage model;
  private final TextGenerator generator;
  private final int index;
  private final int[] prompt;
  private final GenerationOptions options;
  private final SequenceEvents events;
  private final AtomicBoolean cancelled = new AtomicBoolean();

  private volatile @Nullable TextStream stream;
  private @Nullable LanguageSession session;
  private int cached;
  private long last = System.nanoTime();
  private boolean begun;

  /**
   * A text.
   *
   * @param generator of the model
   * @param index among the request's
   * @param prompt its tokens, at least one
   * @param events learns of each piece of text and of the end
   */
  Sequence(
      ServedLanguage model,
      TextGenerator generator,
      int index,
      int[] prompt,
      GenerationOptions options,
      SequenceEvents events) {
    this.model = model;
    this.generator = generator;
    this.index = index;
    this.prompt = prompt;
    this.options = options;
    this.events = events;
  }

  /** Nobody waits for the text any more. May be called from any thread. */
  void cancel() {
    cancelled.set(true);
    TextStream text = stream;
    if (text != null) {
      text.cancel();
    }
  }

  /** Whether nobody waits for it. */
  boolean isCancelled() {
    return cancelled.get();
  }

  /** The text as it is generated; its session is taken with the first call. */
  TextStream text() {
    TextStream text = stream;
    if (text == null) {
      LanguageSession mine = model.sessions().take();
      session = mine;
      cached = model.states().restore(prompt, mine);
      text = generator.stream(mine, prompt, cached, options);
      stream = text;
      if (cancelled.get()) {
        text.cancel();
      }
    }
    return text;
  }

  /** Passes on more of the text. */
  void piece(TextPiece piece, DecodeMetrics metrics) {
    long now = System.nanoTime();
    metrics.piece(model.name(), !begun, now - last);
    begun = true;
    last = now;
    if (!events.add(new SequenceEvents.Event.Piece(index, piece))) {
      fail(ApiException.tooLong("the client reads too slowly"));
      cancel();
    }
  }

  /** The prompt has been read: keeps the state behind it for those that begin with it. */
  void keepPrompt() {
    LanguageSession mine = session;
    if (mine != null && cached < prompt.length) {
      model.states().keep(text().tokens(), mine);
    }
  }

  /** The text has ended: passes that on. */
  void end(DecodeMetrics metrics) {
    Usage usage = text().finish();
    metrics.ended(model.name(), usage, cached);
    events.end(new SequenceEvents.Event.End(index, usage, cached));
  }

  /** Keeps the state behind the text for those that go on from there; gives the session back. */
  void close() {
    LanguageSession mine = session;
    if (mine != null) {
      model.states().keep(text().tokens(), mine);
      model.sessions().giveBack(mine);
      session = null;
    }
  }

  /** There will be no more of the text. */
  void fail(ApiException cause) {
    events.end(new SequenceEvents.Event.Failure(cause));
  }
}
