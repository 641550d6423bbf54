package org.xlstm4j.cli.timing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.output.Table;
import org.xlstm4j.engine.limits.MachineLimits;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.StepCost;

/** The repetitions of a {@link BenchTest}. */
public final class BenchResult {
  private final BenchTest test;
  private final int threads;
  private final List<Sample> samples = new ArrayList<>();

  /**
   * One repetition.
   *
   * @param seconds it took
   * @param allocated bytes of the heap
   * @param limits of the machine, the best samples meanwhile
   */
  record Sample(double seconds, long allocated, MachineLimits limits) {}

  BenchResult(BenchTest test, int threads) {
    this.test = test;
    this.threads = threads;
  }

  void add(Sample sample) {
    samples.add(sample);
  }

  /** A table for results. */
  public static Table table() {
    return new Table(
        Table.Column.text("model"),
        Table.Column.number("size MiB", "%.1f"),
        Table.Column.number("params M", "%.1f"),
        Table.Column.number("threads", "%d"),
        Table.Column.text("test"),
        Table.Column.number("per second", "%.2f"),
        Table.Column.number("deviation", "%.2f"),
        Table.Column.number("GB/s", "%.1f"),
        Table.Column.number("read GB/s", "%.1f"),
        Table.Column.number("update GB/s", "%.1f"),
        Table.Column.number("GFLOP/s", "%.0f"),
        Table.Column.number("peak GFLOP/s", "%.0f"),
        Table.Column.text("limit"),
        Table.Column.number("share of limit", "%.2f"),
        Table.Column.number("first token ms", "%.1f"),
        Table.Column.number("bytes allocated", "%.0f"));
  }

  /** Units a second, the mean of the repetitions. */
  public double rate() {
    return mean(sample -> test.workload().units() / sample.seconds());
  }

  /** Units a second that the machine allows at most. */
  public double limitRate() {
    return mean(
        sample -> test.workload().units() / test.workload().cost().seconds(sample.limits()));
  }

  /** Bytes a second that can be read. */
  public double readRate() {
    return mean(sample -> sample.limits().readRate());
  }

  /** Bytes a second that can be read and written back. */
  public double updateRate() {
    return mean(sample -> sample.limits().updateRate());
  }

  /** Adds this result; allocated bytes are a unit's, shares the mean of the repetitions'. */
  public void addTo(Table table, String name, Model model) {
    StepCost cost = test.workload().cost();
    double rate = rate();
    boolean prompt = cost.unit().equals("prompt");
    table.row(
        name,
        size(model) / 1048576.0,
        model.checkpoint().parameters() * 1e-6,
        threads,
        test.workload().name(),
        rate,
        deviation(sample -> test.workload().units() / sample.seconds(), rate),
        mean(sample -> (cost.weightBytes() + cost.stateBytes()) / sample.seconds()) * 1e-9,
        readRate() * 1e-9,
        updateRate() * 1e-9,
        mean(sample -> 2 * cost.multiplyAdds() / sample.seconds()) * 1e-9,
        2 * multiplyAddRate() * 1e-9,
        limit(),
        mean(sample -> cost.seconds(sample.limits()) / sample.seconds()),
        prompt ? (@Nullable Object) (mean(Sample::seconds) * 1e3) : null,
        mean(sample -> (double) sample.allocated() / test.workload().units()));
  }

  /** Multiplications with addition a second that are possible with numbers like the test's. */
  public double multiplyAddRate() {
    StepCost cost = test.workload().cost();
    return mean(sample -> cost.multiplyAdds() / cost.arithmeticSeconds(sample.limits()));
  }

  /** The limit that decides: {@code memory} or {@code arithmetic}. */
  public String limit() {
    double memory = mean(sample -> test.workload().cost().memorySeconds(sample.limits()));
    double arithmetic = mean(sample -> test.workload().cost().arithmeticSeconds(sample.limits()));
    return memory >= arithmetic ? "memory" : "arithmetic";
  }

  private static long size(Model model) {
    long bytes = 0;
    for (var tensor : model.checkpoint()) {
      bytes += tensor.data().byteSize();
    }
    return bytes;
  }

  private double mean(ToDoubleFunction<Sample> value) {
    return samples.stream().mapToDouble(value).average().orElse(Double.NaN);
  }

  private double deviation(ToDoubleFunction<Sample> value, double mean) {
    double squares = samples.stream().mapToDouble(value).map(x -> (x - mean) * (x - mean)).sum();
    return samples.size() < 2 ? 0 : Math.sqrt(squares / (samples.size() - 1));
  }
}
