package org.xlstm4j.cli.serve.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts, apart by labels. Thread-safe. */
public final class Counter implements Metric {
  private final String[] names;
  private final Map<Labels, LongAdder> counts = new ConcurrentHashMap<>();

  Counter(String... names) {
    this.names = names;
    if (names.length == 0) {
      counts.put(Labels.of(names, new Object[0]), new LongAdder());
    }
  }

  /** Adds to the count of these values of the labels. */
  public void add(long count, Object... values) {
    counts.computeIfAbsent(Labels.of(names, values), _ -> new LongAdder()).add(count);
  }

  @Override
  public void write(String name, StringBuilder text) {
    counts.forEach(
        (labels, count) -> text.append(name).append(labels).append(' ').append(count).append('\n'));
  }
}
