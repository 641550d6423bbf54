package org.xlstm4j.cli.serve.language;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.serve.http.ApiException;

/**
 * Decides which texts are generated now and which wait: a bounded number of them side by side, a
 * bounded number of requests before that. Requests take turns: of one that asks for several texts,
 * the next is begun when every other request that waits has begun one. Thread-safe.
 */
final class DecodeScheduler implements AutoCloseable {
  private final int queued;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Deque<Deque<Sequence>> waiting = new ArrayDeque<>();
  private final List<Sequence> running = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final int places;
  private final DecodeMetrics metrics;
  private boolean closed;

  /**
   * A scheduler with threads of its own.
   *
   * @param places texts side by side
   * @param queued requests that may wait
   */
  DecodeScheduler(int places, int queued, DecodeMetrics metrics) {
    this.places = places;
    this.queued = queued;
    this.metrics = metrics;
    for (int i = 0; i < places; i++) {
      threads.add(Thread.ofPlatform().daemon().name("xlstm4j-decode-" + i).start(this::work));
    }
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
      int free = places - running.size();
      if (closed || waiting.size() >= queued + Math.max(free, 0)) {
        metrics.refused();
        throw ApiException.overloaded(
            "the server is busy, and " + waiting.size() + " requests wait", retryAfter());
      }
      waiting.add(new ArrayDeque<>(request));
      work.signalAll();
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
      waiting.removeIf(texts -> texts.removeIf(Sequence::isCancelled) && texts.isEmpty());
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

  /** Texts that are generated now. */
  int running() {
    lock.lock();
    try {
      return running.size();
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    for (Sequence next = take(null); next != null; next = take(next)) {
      next.run();
    }
  }

  /** The next text, as soon as there is one; null at the end. */
  private @Nullable Sequence take(@Nullable Sequence done) {
    lock.lock();
    try {
      running.remove(done);
      while (waiting.isEmpty() && !closed) {
        work.awaitUninterruptibly();
      }
      if (closed) {
        return null;
      }
      Deque<Sequence> request = waiting.remove();
      Sequence next = request.remove();
      if (!request.isEmpty()) {
        waiting.add(request);
      }
      running.add(next);
      return next;
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
      waiting.forEach(request -> request.forEach(Sequence::cancel));
      waiting.clear();
      running.forEach(Sequence::cancel);
      work.signalAll();
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
  }
}
