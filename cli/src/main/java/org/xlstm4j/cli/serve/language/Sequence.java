package org.xlstm4j.cli.serve.language;

import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.language.GenerationOptions;
import org.xlstm4j.models.language.LanguageSession;
import org.xlstm4j.models.language.TextPiece;
import org.xlstm4j.models.language.TextStream;
import org.xlstm4j.models.language.Usage;

/** One text to be generated, as one of those that a request asks for. */
final class Sequence {
  private final ServedLanguage model;
  private final int index;
  private final int[] prompt;
  private final GenerationOptions options;
  private final SequenceEvents events;
  private final DecodeMetrics metrics;
  private final long submitted = System.nanoTime();

  private volatile boolean cancelled;
  private volatile @Nullable TextStream stream;

  /**
   * A text.
   *
   * @param index among the request's
   * @param prompt its tokens, at least one
   * @param events are told what happens
   */
  Sequence(
      ServedLanguage model,
      int index,
      int[] prompt,
      GenerationOptions options,
      SequenceEvents events,
      DecodeMetrics metrics) {
    this.model = model;
    this.index = index;
    this.prompt = prompt;
    this.options = options;
    this.events = events;
    this.metrics = metrics;
  }

  /** Nobody waits for the text any more. May be called from any thread. */
  void cancel() {
    cancelled = true;
    TextStream begun = stream;
    if (begun != null) {
      begun.cancel();
    }
  }

  /** Whether nobody waits for it. */
  boolean isCancelled() {
    return cancelled;
  }

  /** Generates the text in this thread. */
  void run() {
    try {
      LanguageSession session = model.sessions().take();
      TextStream text = model.generator().stream(session, prompt, options);
      stream = text;
      if (cancelled) {
        text.cancel();
      }
      long before = submitted;
      boolean first = true;
      for (TextPiece piece : text) {
        long now = System.nanoTime();
        metrics.piece(model.name(), first, now - before);
        first = false;
        before = now;
        events.add(new SequenceEvents.Event.Piece(index, piece));
      }
      Usage usage = text.finish();
      metrics.ended(model.name(), usage);
      model.sessions().giveBack(session);
      events.add(new SequenceEvents.Event.End(index, usage));
    } catch (RuntimeException | Error e) {
      events.add(new SequenceEvents.Event.Failure(e));
    }
  }
}
