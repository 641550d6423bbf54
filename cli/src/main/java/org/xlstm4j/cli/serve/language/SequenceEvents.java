package org.xlstm4j.cli.serve.language;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.models.language.TextPiece;
import org.xlstm4j.models.language.Usage;

/**
 * What happens to the sequences of one request, on its way from the threads that decode to the one
 * that answers. It never makes the former wait: if the latter is too far behind, since the client
 * does not read, nothing more is taken.
 */
final class SequenceEvents {
  private static final int MOST = 4096;

  private final BlockingQueue<Event> queue = new LinkedBlockingQueue<>();

  /** Something that happened to the sequence of a number. */
  sealed interface Event {
    /** More text. */
    record Piece(int index, TextPiece piece) implements Event {}

    /**
     * The end.
     *
     * @param cached how many tokens of the prompt did not have to be read
     */
    record End(int index, Usage usage, int cached) implements Event {}

    /** There will be no end. */
    record Failure(ApiException cause) implements Event {}
  }

  /** Adds more text; false if there is too much that was not asked for yet. */
  boolean add(Event.Piece piece) {
    return queue.size() < MOST && queue.add(piece);
  }

  /** Adds an end. */
  void end(Event end) {
    queue.add(end);
  }

  /** The next event, or null if there is none within some milliseconds. */
  @Nullable Event poll(long milliseconds) throws InterruptedException {
    return queue.poll(milliseconds, TimeUnit.MILLISECONDS);
  }
}
