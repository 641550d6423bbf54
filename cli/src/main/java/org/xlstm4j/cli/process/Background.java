package org.xlstm4j.cli.process;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** What is being read or made ready in another thread while this one does something else. */
public final class Background<T> {
  private final FutureTask<T> task;

  private Background(FutureTask<T> task) {
    this.task = task;
  }

  /** Reads something. */
  public interface Reading<T> {
    T read() throws IOException;
  }

  public static <T> Background<T> start(Reading<T> reading) {
    FutureTask<T> task = new FutureTask<>(reading::read);
    Thread thread = new Thread(task, "xlstm4j-reader");
    thread.setDaemon(true);
    thread.start();
    return new Background<>(task);
  }

  /** Waits for the end of the reading; throws what it threw. */
  public T await() throws IOException {
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }
}
