package org.xlstm4j.models;

import java.util.function.Function;
import org.xlstm4j.engine.threads.Team;

/**
 * A typical piece of work of a model, to be timed.
 *
 * @param name such as {@code pp512}, as llama-bench names it where it has such a test
 * @param units tokens, pictures or observations of one run
 * @param cost of one run
 * @param newRun makes what is to be run with a team, its buffers included
 */
public record Workload(String name, int units, StepCost cost, Function<Team, Run> newRun) {
  /** What is run again and again. */
  public interface Run {
    /**
     * Whatever has to be done before each run and is not timed. Weights that fit a cache are in it
     * afterwards.
     */
    void prepare();

    /**
     * Number of parts of the work, between which a clock may be read.
     *
     * @return at least 1
     */
    default int parts() {
      return 1;
    }

    /**
     * Does one part, which is timed.
     *
     * @param part which, from 0
     */
    void work(int part);
  }

  /**
   * Work of one part that is prepared by doing it.
   *
   * @param work does it
   * @return the run
   */
  public static Run repeated(Runnable work) {
    return new Run() {
      @Override
      public void prepare() {
        work.run();
      }

      @Override
      public void work(int part) {
        work.run();
      }
    };
  }
}
