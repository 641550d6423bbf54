package org.xlstm4j.engine.limits;

import java.util.List;
import org.xlstm4j.engine.threads.Team;

/**
 * Loops that try to reach the same limit: the fastest lap of any of them since the last start
 * counts.
 *
 * <p>Not thread-safe.
 */
final class ProbeRace {
  /** Laps of one loop go on for so long, so that the first ones may bring memory into a cache. */
  private static final long NANOS = 3_000_000;

  private static final int WARM_CALLS = 200;

  /**
   * Compiled loops read 50 to 150 bytes a nanosecond from the first-level cache and multiply 50 to
   * 150 numbers, those with vectors in boxes about one (AMD EPYC, family 26).
   */
  private static final double COMPILED_WORK_A_NANOSECOND = 4;

  private final Team team;
  private final List<Entrant> entrants;
  private int leader;
  private int challenger;
  private double best;

  /** One loop. */
  interface Entrant {
    /** What each member of the team does in a lap. */
    void lap(int member, int members);

    /** Units of work of a lap, all members together. */
    double lapWork();

    /** The same loop over so little that an interpreter gets through. */
    void trial();

    /** Units of work of a trial. */
    double trialWork();
  }

  ProbeRace(Team team, List<Entrant> entrants) {
    this.team = team;
    this.entrants = entrants;
  }

  /** Lets all loops do a little, and tells whether they are as fast as only compiled ones are. */
  boolean warmUp() {
    boolean warm = true;
    for (Entrant entrant : entrants) {
      long shortest = Long.MAX_VALUE;
      for (int call = 0; call < WARM_CALLS; call++) {
        long begin = System.nanoTime();
        entrant.trial();
        shortest = Math.min(shortest, System.nanoTime() - begin);
      }
      warm &= entrant.trialWork() > COMPILED_WORK_A_NANOSECOND * shortest;
    }
    return warm;
  }

  /** Lets the leader run, and one of the others, which may become the leader. */
  void sample() {
    double rate = run(entrants.get(leader));
    challenger = (challenger + 1) % entrants.size();
    if (challenger != leader && run(entrants.get(challenger)) > rate) {
      leader = challenger;
    }
  }

  /** Lets all loops run. */
  void sampleAll() {
    for (int i = 0; i < entrants.size(); i++) {
      sample();
    }
  }

  /** Forgets the results, but not who leads. */
  void restart() {
    best = 0;
  }

  /** The best rate so far, in units of work a second. */
  double best() {
    return best;
  }

  private double run(Entrant entrant) {
    long shortest = Long.MAX_VALUE;
    long begin = System.nanoTime();
    long now = begin;
    do {
      long start = now;
      team.run(entrant::lap);
      now = System.nanoTime();
      shortest = Math.min(shortest, now - start);
    } while (now - begin < NANOS);
    double rate = entrant.lapWork() / (shortest * 1e-9);
    best = Math.max(best, rate);
    return rate;
  }
}
