package org.xlstm4j.engine.limits;

import org.xlstm4j.engine.threads.Team;

/**
 * What this machine can do at best with some number of threads: no step can be faster than its
 * bytes divided by these rates, no prompt faster than its products divided by them.
 *
 * @param threads how many threads computed together
 * @param workingSet bytes of memory that were walked over; up to the size of a cache the rates are
 *     the cache's
 * @param readRate bytes a second that can be read
 * @param updateRate bytes a second that can be read and written back, each byte counted once
 * @param multiplyAddRate multiplications with addition of 32-bit floats a second; where the
 *     processor has tiles, of such a float with a bfloat16 number
 * @param integerMultiplyAddRate multiplications with addition a second of integers as small as
 *     quantized weights and activations
 */
public record MachineLimits(
    int threads,
    long workingSet,
    double readRate,
    double updateRate,
    double multiplyAddRate,
    double integerMultiplyAddRate) {
  /** More memory than any cache holds: what a walk over it reads comes from main memory. */
  public static final long MAIN_MEMORY = 256L << 20;

  private static final int SAMPLES = 4;

  /**
   * Measures the machine; takes about half a second, and once a process a second more, until the
   * loops are compiled. What else runs meanwhile lowers the figures. Whoever compares them with
   * work of some duration keeps a {@link LimitProbe} and samples it between parts of the work.
   *
   * @param team the threads that compute together
   * @param workingSet bytes to walk over, such as the size of a model's weights; at most {@link
   *     #MAIN_MEMORY} are used
   * @return the rates
   */
  public static MachineLimits measure(Team team, long workingSet) {
    try (LimitProbe probe = new LimitProbe(team, workingSet)) {
      for (int i = 0; i < SAMPLES; i++) {
        probe.sample();
      }
      return probe.limits();
    }
  }
}
