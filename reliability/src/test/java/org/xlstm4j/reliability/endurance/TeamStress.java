package org.xlstm4j.reliability.endurance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.xlstm4j.engine.threads.Team;

/**
 * Regions from several threads at once, of all sizes, some within others, some that throw: each
 * band runs once, the caller sees what every band has written, and an exception arrives.
 */
final class TeamStress {
  private static final int WORDS = 16;
  private static final int LARGEST = 5;

  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong regions = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean ending;

  /** Starts so many threads. */
  TeamStress(int count) {
    for (int i = 0; i < count; i++) {
      Thread thread = new Thread(this::run, "stress-" + i);
      threads.add(thread);
      thread.start();
    }
  }

  /** A region's work: plain writes, which nothing but the team makes visible. */
  private static final class Bands implements Team.Region {
    private final long[] sums = new long[LARGEST * WORDS];
    private final int[] runs = new int[LARGEST * WORDS];
    private long factor;
    private int throwing = -1;
    private int nested = -1;

    @Override
    public void run(int member, int members) {
      runs[member * WORDS]++;
      long sum = 0;
      for (int i = member; i < 64 * members; i += members) {
        sum += i * factor;
      }
      sums[member * WORDS] = sum;
      if (member == nested) {
        Team.of(2).run((inner, all) -> runs[member * WORDS + 1 + inner]++);
      }
      if (member == throwing) {
        throw new ArithmeticException();
      }
    }

    void check(int members, boolean thrown) {
      require(thrown == (throwing >= 0), "an exception that was not thrown");
      if (thrown) {
        return; // bands behind the one that throws need not run
      }
      long sum = 0;
      for (int member = 0; member < members; member++) {
        require(runs[member * WORDS] == 1, "a band ran " + runs[member * WORDS] + " times");
        boolean inner = member == nested;
        require(runs[member * WORDS + 1] == (inner ? 1 : 0), "the first band within");
        require(runs[member * WORDS + 2] == (inner ? 1 : 0), "the second band within");
        sum += sums[member * WORDS];
      }
      long count = 64L * members;
      require(sum == factor * count * (count - 1) / 2, "a sum that was not seen");
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what);
    }
  }

  private void run() {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    try {
      while (!ending) {
        Bands bands = new Bands();
        int members = 1 + random.nextInt(LARGEST);
        bands.factor = random.nextInt();
        bands.throwing = random.nextInt(50) == 0 ? random.nextInt(members) : -1;
        bands.nested = random.nextInt(20) == 0 ? random.nextInt(members) : -1;
        boolean thrown = false;
        try {
          Team.of(members).run(bands);
        } catch (ArithmeticException e) {
          thrown = true;
        }
        bands.check(members, thrown);
        regions.incrementAndGet();
        if (random.nextInt(1000) == 0) {
          Thread.sleep(1); // so that helpers park
        }
      }
    } catch (InterruptedException | RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  /** Regions so far. */
  long regions() {
    return regions.get();
  }

  /** Ends the threads; throws what one of them has thrown. */
  void end() throws InterruptedException {
    ending = true;
    for (Thread thread : threads) {
      thread.join();
    }
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new IllegalStateException("after " + regions() + " regions", thrown);
    }
  }
}
