package org.xlstm4j.bench.control;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.CompilationMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What can make a step long besides the step: garbage collections, compilations, and the system
 * giving the core to something else (Linux counts that for each thread, and the time that a virtual
 * machine's host takes away). Looked at between stretches of steps, never within one.
 */
final class Disturbances {
  private static final Path SWITCHES = Path.of("/proc/thread-self/status");
  private static final Path STEAL = Path.of("/proc/stat");
  private static final int STEAL_FIELD = 8;

  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getGarbageCollectorMXBeans();
  private final CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
  private final long[] worstTimes;
  private final String[] worstCauses;
  private final long[] worstSteps;
  private Counters atBegin = new Counters(0, 0, 0, 0);
  private Counters before = atBegin;
  private long longest;
  private long longestStep;

  /**
   * The counters at one moment.
   *
   * @param collections garbage collections so far
   * @param compiling milliseconds spent compiling
   * @param switches how often the system took the core from this thread
   * @param stolen hundredths of a second that the host took from this machine's cores
   */
  private record Counters(long collections, long compiling, long switches, long stolen) {
    String since(Counters earlier) {
      long collected = collections - earlier.collections;
      long compiled = compiling - earlier.compiling;
      long switched = switches - earlier.switches;
      long taken = stolen - earlier.stolen;
      return String.format(
          Locale.ROOT,
          "%d collections, %d ms of compilation, %d times preempted, %d ms stolen by the host",
          collected,
          compiled,
          switched,
          10 * taken);
    }
  }

  Disturbances(int worst) {
    worstTimes = new long[worst];
    worstSteps = new long[worst];
    worstCauses = new String[worst];
    Arrays.fill(worstCauses, "");
  }

  /** Steps are about to begin. */
  void begin() throws IOException {
    atBegin = read();
  }

  void beginStretch() throws IOException {
    before = read();
    longest = 0;
  }

  /** Notes a step of the stretch. */
  void step(long number, long nanoseconds) {
    if (nanoseconds > longest) {
      longest = nanoseconds;
      longestStep = number;
    }
  }

  /** Keeps the stretch's longest step if it is among the worst. */
  void endStretch() throws IOException {
    int least = 0;
    for (int i = 1; i < worstTimes.length; i++) {
      least = worstTimes[i] < worstTimes[least] ? i : least;
    }
    if (longest > worstTimes[least]) {
      worstTimes[least] = longest;
      worstSteps[least] = longestStep;
      worstCauses[least] = read().since(before);
    }
  }

  /** Writes the totals and the worst steps. */
  void report(PrintStream out) throws IOException {
    out.println("in all: " + read().since(atBegin));
    for (int i = 0; i < worstTimes.length; i++) {
      out.printf(
          Locale.ROOT,
          "step %d took %.1f us; around it: %s%n",
          worstSteps[i],
          worstTimes[i] * 1e-3,
          worstCauses[i]);
    }
  }

  private Counters read() throws IOException {
    long collections = 0;
    for (GarbageCollectorMXBean collector : collectors) {
      collections += collector.getCollectionCount();
    }
    return new Counters(collections, compiler.getTotalCompilationTime(), switches(), stolen());
  }

  private static long switches() throws IOException {
    if (!Files.exists(SWITCHES)) {
      return 0;
    }
    for (String line : Files.readAllLines(SWITCHES)) {
      if (line.startsWith("nonvoluntary_ctxt_switches:")) {
        return Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    return 0;
  }

  private static long stolen() throws IOException {
    if (!Files.exists(STEAL)) {
      return 0;
    }
    String[] fields = Files.readAllLines(STEAL).getFirst().split(" +", -1);
    return fields.length > STEAL_FIELD ? Long.parseLong(fields[STEAL_FIELD]) : 0;
  }
}
