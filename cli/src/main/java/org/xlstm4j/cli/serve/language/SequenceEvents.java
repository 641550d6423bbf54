package org.xlstm4j.cli.serve.language;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.language.TextPiece;
import org.xlstm4j.models.language.Usage;

/**
 * What happens to the sequences of one request, on its way from the threads that decode to the one
 * that answers. It never makes the former wait, and holds no more than the request's tokens.
 */
final class SequenceEvents {
  private final BlockingQueue<Event> queue = new LinkedBlockingQueue<>();

  /** Something that happened to the sequence of a number. */
  sealed interface Event {
    /** More text. */
    record Piece(int index, TextPiece piece) implements Event {}

    /** The end. */
    record End(int index, Usage usage) implements Event {}

    /** The model failed. */
    record Failure(Throwable cause) implements Event {}
  }

  void add(Event event) {
    queue.add(event);
  }

  /** The next event, or null if there is none within some milliseconds. */
  @Nullable Event poll(long milliseconds) {
    try {
      return queue.poll(milliseconds, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
