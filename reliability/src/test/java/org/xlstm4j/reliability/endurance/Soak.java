package org.xlstm4j.reliability.endurance;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.ActionSession;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;
import org.xlstm4j.models.language.SessionFile;

/**
 * Full load for hours: texts, forecasts and control at once, models opened and closed, sessions
 * saved and restored. Heap after a collection, resident memory, descriptors and threads are looked
 * at again and again, and may not grow.
 */
public final class Soak {
  private static final int LOOKS = 40;

  private final Path pretrained =
      Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.pretrained")));

  private final AtomicLong rounds = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean ending;

  private Soak() {}

  /** What a process holds. */
  private record Held(long heap, long resident, long descriptors, long threads) {
    static Held now() throws IOException {
      System.gc();
      long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 10;
      long resident = 0;
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmRSS:") || line.startsWith("RssAnon:")) {
          resident = Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
      }
      try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"));
          Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
        return new Held(heap, resident, descriptors.count(), threads.count());
      }
    }

    /** The least of each: what is in use for a moment is no leak. */
    Held least(Held other) {
      return new Held(
          Math.min(heap, other.heap),
          Math.min(resident, other.resident),
          Math.min(descriptors, other.descriptors),
          Math.min(threads, other.threads));
    }

    @Override
    public String toString() {
      return heap + "," + resident + "," + descriptors + "," + threads;
    }
  }

  /** Something that is done again and again. */
  private interface Work {
    void round() throws IOException;
  }

  /**
   * Runs it; ends with an exception if something leaks.
   *
   * @param arguments seconds
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    new Soak().run(Integer.parseInt(arguments[0]));
    System.exit(0);
  }

  private void run(int seconds) throws IOException, InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (Work work : List.<Work>of(this::text, this::forecast, this::control)) {
      Thread thread = new Thread(() -> repeat(work));
      threads.add(thread);
      thread.start();
    }
    System.out.println("seconds,rounds,heap KB,anonymous resident KB,descriptors,threads");
    Held early = new Held(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
    Held late = early;
    for (int look = 1; look <= LOOKS && failure.get() == null; look++) {
      Thread.sleep(1000L * seconds / LOOKS);
      Held held = Held.now();
      System.out.printf(Locale.ROOT, "%d,%d,%s%n", seconds * look / LOOKS, rounds.get(), held);
      // the first quarter warms up
      if (look > LOOKS / 4 && look <= LOOKS / 2) {
        early = early.least(held);
      } else if (look > 3 * LOOKS / 4) {
        late = late.least(held);
      }
    }
    ending = true;
    for (Thread thread : threads) {
      thread.join();
    }
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new IllegalStateException("after " + rounds + " rounds", thrown);
    }
    if (late.heap > early.heap + early.heap / 5 + 1024
        || late.resident > early.resident + early.resident / 10 + (16 << 10)
        || late.descriptors > early.descriptors + 2
        || late.threads > early.threads + 2) {
      throw new IllegalStateException("it grows from " + early + " to " + late);
    }
  }

  private void repeat(Work work) {
    try {
      while (!ending) {
        work.round();
        rounds.incrementAndGet();
      }
    } catch (IOException | RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  private void text() throws IOException {
    Path file = Path.of(System.getProperty("java.io.tmpdir"), "xlstm4j-soak-session");
    try (LanguageModel model = LanguageModel.open(pretrained.resolve("xlstm-large-mini-q8"))) {
      LanguageSession session = model.newSession(Team.of(2));
      session.feed(1, 2, 3, 4, 5, 6, 7, 8);
      SessionFile.save(session, file);
      LanguageSession restored = model.newSession(Team.of(1));
      SessionFile.load(restored, file);
      for (int i = 0; i < 20; i++) {
        restored.step(i);
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private void forecast() throws IOException {
    float[] series = new float[300];
    for (int i = 0; i < series.length; i++) {
      series[i] = (float) Math.sin(i * 0.1);
    }
    try (ForecastModel model = ForecastModel.open(pretrained.resolve("tirex-mini"))) {
      model.forecast(List.of(series), 32, 1, Team.of(2));
    }
  }

  private void control() throws IOException {
    try (ActionModel model = ActionModel.open(pretrained.resolve("lram-control"))) {
      ActionTask task = model.task("CartPole-v1");
      ActionSession session = model.newSession(task, Team.of(1));
      float[] action = new float[task.actionWidth()];
      session.reset();
      for (int i = 0; i < 200; i++) {
        session.act(new float[] {0.01f, 0, 0.02f, 0}, 1, action);
      }
    }
  }
}
