package org.xlstm4j.cli.serve.compute;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.http.Exchange;
import org.xlstm4j.cli.serve.json.JsonException;

/**
 * Has platform threads of its own compute what requests ask for, in the order in which they came.
 * One request more than may wait is refused. What nobody waits for any more, because the client is
 * gone or its time is up, is not begun, or ends at its next part. Thread-safe.
 */
public final class ComputeQueue implements AutoCloseable {
  /** How often a waiting request looks whether its client is still there. */
  private static final long LOOK_MILLISECONDS = 100;

  private final BlockingQueue<Task<?>> waiting = new LinkedBlockingQueue<>();
  private final Semaphore room;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger running = new AtomicInteger();
  private volatile boolean closed;

  /**
   * A queue with its threads.
   *
   * @param places requests computed side by side
   * @param queued requests that may wait
   */
  public ComputeQueue(int places, int queued) {
    room = new Semaphore(places + queued);
    for (int i = 0; i < places; i++) {
      threads.add(Thread.ofPlatform().daemon().name("xlstm4j-compute-" + i).start(this::work));
    }
  }

  /**
   * Computes, and returns when that is done; tells the client how long it took.
   *
   * @param <T> the result
   * @throws ApiException if too many requests wait, the time is up, or the work says so
   * @throws IOException if the client is gone, or the work says so
   */
  public <T> T run(Exchange exchange, Work<T> work)
      throws ApiException, JsonException, IOException {
    Task<T> task = new Task<>(work);
    if (!room.tryAcquire()) {
      throw ApiException.overloaded(
          "the server is busy, and " + waiting.size() + " requests wait",
          Duration.ofSeconds(1 + waiting.size() / 2));
    }
    try {
      waiting.add(task);
      if (closed) {
        throw ApiException.ending(); // perhaps nobody takes it any more
      }
      T result = await(exchange, task);
      exchange.answerHeader(
          "Server-Timing", String.format(Locale.ROOT, "model;dur=%.3f", task.nanoseconds / 1e6));
      return result;
    } finally {
      task.wanted = false;
      if (waiting.remove(task)) {
        room.release();
      }
    }
  }

  private static <T> T await(Exchange exchange, Task<T> task)
      throws ApiException, JsonException, IOException {
    while (true) {
      try {
        return task.result.get(LOOK_MILLISECONDS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        exchange.check();
      } catch (CancellationException e) {
        throw ApiException.ending();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw ApiException.ending();
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case ApiException refusal -> throw refusal;
          case JsonException refusal -> throw refusal;
          case IOException failure -> throw failure;
          case RuntimeException failure -> throw failure;
          case Error failure -> throw failure;
          case null, default -> throw new IllegalStateException(e.getCause());
        }
      }
    }
  }

  /** Requests that wait. */
  public int waiting() {
    return waiting.size();
  }

  /** Requests that are computed. */
  public int running() {
    return running.get();
  }

  private void work() {
    try {
      while (!closed) {
        Task<?> task = waiting.take();
        running.incrementAndGet();
        task.run();
        running.decrementAndGet();
        room.release(); // what has begun holds its room until it ends
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends what waits, and what is computed at its next part; waits for that. */
  @Override
  public void close() {
    closed = true;
    waiting.forEach(task -> task.result.cancel(false));
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static final class Task<T> implements Demand {
    private final Work<T> work;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private volatile boolean wanted = true;
    private long nanoseconds;

    Task(Work<T> work) {
      this.work = work;
    }

    void run() {
      if (!wanted) {
        return;
      }
      long begun = System.nanoTime();
      try {
        T found = work.run(this);
        nanoseconds = System.nanoTime() - begun;
        result.complete(found);
      } catch (Throwable e) {
        result.completeExceptionally(e);
      }
    }

    @Override
    public void require() {
      if (!wanted || Thread.currentThread().isInterrupted()) {
        throw new CancellationException("nobody waits for the answer");
      }
    }
  }
}
