package org.xlstm4j.reliability.endurance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;

/**
 * Rounds of one model that is opened in one thread, handed by a data race to others, used by all of
 * them, and closed in the midst of it: each thread computes the same numbers as the others or gets
 * an {@link IllegalStateException}, and nothing else.
 */
final class SessionStress {
  private static final int THREADS = 4;
  private static final int MOST_STEPS = 30;

  private final Path folder;
  private final Random random = new Random();
  private final AtomicLong steps = new AtomicLong();
  private final AtomicLong closed = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final float[][] expected = new float[MOST_STEPS][];

  /** Handed over by a data race on purpose: no lock, no volatile. */
  private LanguageModel shared;

  SessionStress(Path folder) throws IOException {
    this.folder = folder;
    try (LanguageModel model = LanguageModel.open(folder)) {
      shared = model;
      LanguageSession session = model.newSession(Team.of(1));
      for (int step = 0; step < MOST_STEPS; step++) {
        expected[step] = session.step(token(step)).clone();
      }
    }
  }

  private static int token(int step) {
    return step * 7 % 30;
  }

  /** One model from its opening to its end. */
  void round() throws InterruptedException {
    LanguageModel model = open();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int size = 1 + random.nextInt(3);
      threads.add(new Thread(() -> use(model, size)));
    }
    threads.add(new Thread(() -> useShared(model)));
    threads.forEach(Thread::start);
    shared = model;
    long end = System.nanoTime() + random.nextInt(3_000_000);
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    model.close();
    for (Thread thread : threads) {
      thread.join();
    }
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new IllegalStateException("after " + steps + " steps", thrown);
    }
  }

  private LanguageModel open() {
    try {
      return LanguageModel.open(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the model without any order that the memory model would promise. */
  private void useShared(LanguageModel awaited) {
    for (int wait = 0; wait < 1_000_000; wait++) {
      LanguageModel seen = shared;
      if (seen == awaited) {
        use(seen, 1);
        return;
      }
      Thread.onSpinWait();
    }
  }

  private void use(LanguageModel model, int threads) {
    try {
      LanguageSession session = model.newSession(Team.of(threads));
      for (int step = 0; step < MOST_STEPS; step++) {
        float[] logits = session.step(token(step));
        if (!Arrays.equals(logits, expected[step])) {
          throw new AssertionError("other numbers in step " + step);
        }
        steps.incrementAndGet();
      }
    } catch (IllegalStateException e) {
      closed.incrementAndGet();
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  /** Steps taken. */
  long steps() {
    return steps.get();
  }

  /** Sessions that found their model closed. */
  long closed() {
    return closed.get();
  }
}
