package org.xlstm4j.bench.suite;

import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.limits.MachineLimits;
import org.xlstm4j.engine.threads.Team;

/**
 * Runs the benchmarks, with JMH's own options, and then tells how near each came to the machine's
 * limits. These are measured once for each combination of a number of threads and an amount of
 * memory. Benchmarks with quantized weights are compared with the rate of integer products.
 */
public final class Suite {
  private static final String ALLOCATION = "gc.alloc.rate.norm";

  private Suite() {}

  private record WorkingSet(int threads, long bytes) {
    MachineLimits measure() {
      return MachineLimits.measure(Team.of(threads), bytes);
    }
  }

  /**
   * Runs.
   *
   * @param arguments as JMH's: {@code StepBenchmark -p type=BF16 -f 5}
   * @throws RunnerException if a benchmark fails
   * @throws CommandLineOptionException if an option is unknown
   */
  public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
    CommandLineOptions given = new CommandLineOptions(arguments);
    Options options =
        new OptionsBuilder()
            .parent(given)
            .addProfiler(GCProfiler.class)
            .jvmArgsAppend("--add-modules", "jdk.incubator.vector")
            .jvmArgsAppend("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC")
            .build();
    Collection<RunResult> results = new Runner(options).run();
    System.out.printf(
        "%n%-44s %10s %10s %10s %10s %8s %8s%n",
        "benchmark", "calls/s", "GB/s read", "GB/s upd.", "GFLOP/s", "limit", "B/call");
    Map<WorkingSet, MachineLimits> measured = new HashMap<>();
    for (RunResult result : results) {
      print(result, measured);
    }
  }

  private static void print(RunResult result, Map<WorkingSet, MachineLimits> measured) {
    BenchmarkParams params = result.getParams();
    double calls = result.getPrimaryResult().getScore();
    double read = secondary(result, "readGigabytes");
    double update = secondary(result, "updateGigabytes");
    double products = secondary(result, "gigaMultiplyAdds");
    int threads = Integer.parseInt(params.getParam("threads"));
    long bytes = 1000 * Math.round((read + update) * 1e6 / calls);
    MachineLimits limits =
        measured.computeIfAbsent(new WorkingSet(threads, bytes), WorkingSet::measure);
    double memory = read * 1e9 / limits.readRate() + update * 1e9 / limits.updateRate();
    double share = Math.max(memory, products * 1e9 / productRate(params, limits));
    System.out.printf(
        Locale.ROOT,
        "%-44s %10.1f %10.1f %10.1f %10.1f %7.0f%% %8.1f%n",
        name(params),
        calls,
        read,
        update,
        2 * products,
        100 * share,
        secondary(result, ALLOCATION));
  }

  private static double productRate(BenchmarkParams params, MachineLimits limits) {
    String type = params.getParam("type");
    boolean quantized = type != null && WeightType.valueOf(type).isQuantized();
    return quantized
        ? Math.max(limits.integerMultiplyAddRate(), limits.multiplyAddRate())
        : limits.multiplyAddRate();
  }

  private static String name(BenchmarkParams params) {
    String benchmark = params.getBenchmark();
    StringBuilder name = new StringBuilder();
    int method = benchmark.lastIndexOf('.');
    name.append(benchmark, benchmark.lastIndexOf('.', method - 1) + 1, benchmark.length());
    for (String key : params.getParamsKeys()) {
      name.append(' ').append(key).append('=').append(params.getParam(key));
    }
    return name.toString();
  }

  private static double secondary(RunResult result, String name) {
    double score = 0;
    for (String key : result.getSecondaryResults().keySet()) {
      double value = result.getSecondaryResults().get(key).getScore();
      if (key.endsWith(name) && !Double.isNaN(value)) {
        score = value;
      }
    }
    return score;
  }
}
