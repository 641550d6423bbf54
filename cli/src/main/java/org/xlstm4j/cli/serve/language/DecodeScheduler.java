package org.xlstm4j.cli.serve.language;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.process.Failures;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.models.language.TextBatch;
import org.xlstm4j.models.language.TextPiece;
import org.xlstm4j.models.language.TextStream;

/**
 * Decides which texts of a model are generated now and which wait: the one place where tokens are
 * decoded. A bounded number of texts has begun, a bounded number of requests waits before that. One
 * thread reads prompts, a part of each text's in turn, so that a long one does not keep others
 * waiting; another generates all texts whose prompts are read, a token of each in one pass over the
 * weights. Thread-safe.
 */
final class DecodeScheduler implements AutoCloseable {
  private final int places;
  private final int queued;
  private final TextBatch batch;
  private final DecodeMetrics metrics;
  private final PrintStream log;
  private final List<Thread> threads;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final RequestQueue waiting = new RequestQueue();

  /** Texts whose prompts are not read to their end. */
  private final Deque<Sequence> reading = new ArrayDeque<>();

  /** Texts whose prompts are, and of which the batch does not know yet. */
  private final List<Sequence> joining = new ArrayList<>();

  /** Texts that have ended, and whose states are to be kept. */
  private final Deque<Sequence> ended = new ArrayDeque<>();

  /** Texts that have begun and are not through. */
  private final List<Sequence> begun = new ArrayList<>();

  private boolean closed;

  /**
   * A scheduler with threads of its own.
   *
   * @param name of the model
   * @param batch generates; has as many places
   * @param places texts side by side
   * @param queued requests that may wait
   * @param log takes a line for each failure of the model
   */
  DecodeScheduler(
      String name,
      TextBatch batch,
      int places,
      int queued,
      DecodeMetrics metrics,
      PrintStream log) {
    this.batch = batch;
    this.places = places;
    this.queued = queued;
    this.metrics = metrics;
    this.log = log;
    threads =
        List.of(
            Thread.ofPlatform().daemon().name("xlstm4j-prompts-" + name).start(this::readPrompts),
            Thread.ofPlatform().daemon().name("xlstm4j-texts-" + name).start(this::generate));
  }

  /**
   * Takes the texts of a request in.
   *
   * @param request at least one
   * @throws ApiException if too many requests wait already
   */
  void submit(List<Sequence> request) throws ApiException {
    lock.lock();
    try {
      if (closed || waiting.size() >= queued + places - begun.size()) {
        metrics.refused();
        throw ApiException.overloaded(
            "the server is busy, and " + waiting.size() + " requests wait", retryAfter());
      }
      waiting.add(request);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Longer, the more there is to do: a guess. */
  private Duration retryAfter() {
    return Duration.ofSeconds(1 + waiting.size() / (2L * places));
  }

  /** Forgets texts that nobody waits for, and ends those that have begun. */
  void cancel(List<Sequence> request) {
    request.forEach(Sequence::cancel);
    lock.lock();
    try {
      waiting.removeCancelled();
    } finally {
      lock.unlock();
    }
  }

  /** Requests with texts that have not begun. */
  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Texts that have begun and not ended. */
  int running() {
    lock.lock();
    try {
      return begun.size();
    } finally {
      lock.unlock();
    }
  }

  private void readPrompts() {
    for (Sequence next = toRead(); next != null; next = toRead()) {
      boolean more;
      try {
        more = next.text().feedPrompt();
        if (!more) {
          next.keepPrompt();
        }
      } catch (RuntimeException | Error e) {
        failed(List.of(next), e);
        continue;
      }
      lock.lock();
      try {
        (more ? reading : joining).add(next);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** The text whose prompt is read next, as soon as there is one; null at the end. */
  private @Nullable Sequence toRead() {
    lock.lock();
    try {
      while (true) {
        closeEnded(); // lets the lock go, so that only now it is known whether all has ended
        if (closed) {
          return null;
        }
        Sequence fresh = begun.size() < places ? waiting.next() : null;
        if (fresh != null) {
          begun.add(fresh);
          return fresh;
        } else if (!reading.isEmpty()) {
          return reading.remove();
        }
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Keeps the states of texts that have ended, before any prompt that may go on from there is
   * looked at. Called with the lock, which it lets go meanwhile.
   */
  private void closeEnded() {
    while (!ended.isEmpty()) {
      Sequence next = ended.remove();
      lock.unlock();
      try {
        next.close();
      } catch (RuntimeException | Error e) {
        log.println("xlstm serve: the state of a text: " + Failures.line(e));
      } finally {
        lock.lock();
        begun.remove(next);
      }
    }
  }

  private void generate() {
    Map<TextStream, Sequence> texts = new HashMap<>();
    List<TextStream> together = new ArrayList<>();
    while (join(texts, together)) {
      try {
        batch.step(together, (text, piece) -> piece(texts.get(text), piece));
        leave(texts, together);
      } catch (RuntimeException | Error e) {
        failed(List.copyOf(texts.values()), e);
        texts.clear();
        together.clear();
      }
    }
  }

  private void piece(@Nullable Sequence sequence, TextPiece piece) {
    if (sequence != null) {
      sequence.piece(piece, metrics);
    }
  }

  /** Takes in texts whose prompts were read; waits until there is one. False at the end. */
  private boolean join(Map<TextStream, Sequence> texts, List<TextStream> together) {
    lock.lock();
    try {
      while (!closed && joining.isEmpty() && together.isEmpty()) {
        changed.awaitUninterruptibly();
      }
      for (Sequence sequence : joining) {
        texts.put(sequence.text(), sequence);
        together.add(sequence.text());
      }
      joining.clear();
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Lets go texts that have ended. */
  private void leave(Map<TextStream, Sequence> texts, List<TextStream> together) {
    boolean left = false;
    for (TextStream text : together) {
      Sequence sequence = text.ended() ? texts.get(text) : null;
      if (sequence != null) {
        left = true;
        toClose(sequence);
        sequence.end(metrics);
      }
    }
    if (left) {
      texts.keySet().removeIf(TextStream::ended);
      together.removeIf(TextStream::ended);
    }
  }

  private void toClose(Sequence sequence) {
    lock.lock();
    try {
      ended.add(sequence);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The model failed; the sessions are not used again. */
  private void failed(List<Sequence> gone, Throwable cause) {
    log.println("xlstm serve: a text: " + Failures.line(cause));
    gone.forEach(sequence -> sequence.fail(ApiException.failed("the model failed")));
    lock.lock();
    try {
      begun.removeAll(gone);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends all texts, and waits until nothing computes any more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      begun.forEach(Sequence::cancel);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    lock.lock();
    try {
      closeEnded();
      for (Sequence next = waiting.next(); next != null; next = waiting.next()) {
        begun.add(next);
      }
      begun.forEach(sequence -> sequence.fail(ApiException.ending()));
    } finally {
      lock.unlock();
    }
  }
}
