package org.xlstm4j.cli.serve.language;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.http.Exchange;
import org.xlstm4j.models.language.EndReason;

/**
 * The texts of a request: hands them to the model's scheduler and what becomes of them to the
 * request's thread, until they have ended or nobody waits for them any more.
 */
final class Texts {
  private static final long LOOK_MILLISECONDS = 50;
  private static final long WAITING_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final DecodeScheduler scheduler;
  private final List<Sequence> sequences;
  private final SequenceEvents events;

  private Texts(DecodeScheduler scheduler, List<Sequence> sequences, SequenceEvents events) {
    this.scheduler = scheduler;
    this.sequences = sequences;
    this.events = events;
  }

  /**
   * Takes a request in.
   *
   * @throws ApiException if too many requests wait already
   */
  static Texts begin(TextRequest request) throws ApiException {
    ServedLanguage model = request.model();
    SamplingFields sampling = request.sampling();
    SequenceEvents events = new SequenceEvents();
    List<Sequence> sequences = new ArrayList<>();
    for (int[] prompt : request.prompts()) {
      for (int number = 0; number < sampling.count(); number++) {
        sequences.add(
            new Sequence(
                model,
                request.generator(),
                sequences.size(),
                prompt,
                sampling.options(number),
                events));
      }
    }
    model.scheduler().submit(sequences);
    return new Texts(model.scheduler(), sequences, events);
  }

  /**
   * Waits for the texts and passes on what comes.
   *
   * @throws ApiException if they take too long or the model fails
   * @throws IOException if the client is gone
   */
  void passOn(Exchange exchange, TextReceiver receiver) throws ApiException, IOException {
    try {
      int open = sequences.size();
      long looked = System.nanoTime();
      long heard = looked;
      while (open > 0) {
        SequenceEvents.Event event = events.poll(LOOK_MILLISECONDS);
        long now = System.nanoTime();
        if (event == null || now - looked > TimeUnit.MILLISECONDS.toNanos(LOOK_MILLISECONDS)) {
          exchange.check();
          looked = now;
        }
        if (event != null) {
          open -= passOn(event, receiver) ? 1 : 0;
          heard = now;
        } else if (now - heard > WAITING_NANOS) {
          receiver.waiting();
          heard = now;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiException.ending();
    } finally {
      scheduler.cancel(sequences);
    }
  }

  /** Passes an event on; true if it is the end of a text. */
  private static boolean passOn(SequenceEvents.Event event, TextReceiver receiver)
      throws ApiException, IOException {
    return switch (event) {
      case SequenceEvents.Event.Piece(var index, var piece) -> {
        receiver.piece(index, piece);
        yield false;
      }
      case SequenceEvents.Event.End end when end.usage().end() == EndReason.CANCELLED ->
          throw ApiException.ending();
      case SequenceEvents.Event.End end -> {
        receiver.end(end);
        yield true;
      }
      case SequenceEvents.Event.Failure(var cause) -> throw cause;
    };
  }
}
