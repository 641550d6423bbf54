package org.xlstm4j.cli.serve.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Times, counted by how long they are, apart by labels. Thread-safe. */
public final class Histogram implements Metric {
  /** Upper bounds in seconds. */
  private static final double[] BOUNDS = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60
  };

  private final String[] names;
  private final Map<Labels, Times> times = new ConcurrentHashMap<>();

  Histogram(String... names) {
    this.names = names;
  }

  private static final class Times {
    final AtomicLongArray buckets = new AtomicLongArray(BOUNDS.length + 1);
    final LongAdder nanos = new LongAdder();
  }

  /** Adds a time. */
  public void add(long nanos, Object... values) {
    Times mine = times.computeIfAbsent(Labels.of(names, values), _ -> new Times());
    int bucket = 0;
    while (bucket < BOUNDS.length && nanos * 1e-9 > BOUNDS[bucket]) {
      bucket++;
    }
    mine.buckets.incrementAndGet(bucket);
    mine.nanos.add(nanos);
  }

  @Override
  public void write(String name, StringBuilder text) {
    times.forEach(
        (labels, mine) -> {
          long count = 0;
          for (int i = 0; i <= BOUNDS.length; i++) {
            count += mine.buckets.get(i);
            String bound = i < BOUNDS.length ? Double.toString(BOUNDS[i]) : "+Inf";
            text.append(name).append("_bucket").append(labels.with("le", bound));
            text.append(' ').append(count).append('\n');
          }
          text.append(name).append("_sum").append(labels);
          text.append(' ').append(mine.nanos.sum() * 1e-9).append('\n');
          text.append(name).append("_count").append(labels);
          text.append(' ').append(count).append('\n');
        });
  }
}
