package org.xlstm4j.models;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.xlstm4j.engine.threads.Team;

/**
 * Workloads of a model that reads tokens one behind the other: many that come together ({@code pp})
 * and one at a time ({@code tg}), behind other tokens.
 *
 * @param <T> some tokens
 * @param streams makes what is timed
 * @param manyCost what so many tokens cost that come together
 * @param stepCost what one costs that comes alone
 */
public record StreamWorkloads<T>(
    Function<Team, Stream<T>> streams, IntFunction<StepCost> manyCost, StepCost stepCost) {
  /**
   * A session that is timed.
   *
   * @param <T> some tokens
   */
  public interface Stream<T> {
    /**
     * Makes tokens.
     *
     * @param count how many, at least 1
     * @return any tokens of the model
     */
    T tokens(int count);

    /** Goes back to the start. */
    void reset();

    /**
     * Reads tokens that come together.
     *
     * @param tokens all of them
     */
    void feed(T tokens);

    /**
     * Reads one token.
     *
     * @param tokens among which it is
     * @param index which of them
     */
    void step(T tokens, int index);
  }

  /**
   * The workloads.
   *
   * @param sizes how many tokens
   * @return one for each depth and each number of tokens but 0; a list of the caller's
   */
  public List<Workload> of(WorkloadSizes sizes) {
    List<Workload> workloads = new ArrayList<>();
    for (int depth : sizes.depths()) {
      String behind = depth == 0 ? "" : " @ d" + depth;
      for (int count : sizes.prompts()) {
        if (count > 0) {
          workloads.add(
              new Workload(
                  "pp" + count + behind,
                  count,
                  manyCost.apply(count),
                  team -> new Many<>(new Start<>(streams.apply(team), depth), count)));
        }
      }
      for (int count : sizes.steps()) {
        if (count > 0) {
          workloads.add(
              new Workload(
                  "tg" + count + behind,
                  count,
                  stepCost.times(count),
                  team -> new Steps<>(new Start<>(streams.apply(team), depth), count)));
        }
      }
    }
    return workloads;
  }

  /** A stream, and the tokens before those that are timed. */
  private static final class Start<T> {
    final Stream<T> stream;
    private final T before;
    private final int depth;

    Start(Stream<T> stream, int depth) {
      this.stream = stream;
      this.depth = depth;
      before = stream.tokens(Math.max(depth, 1));
    }

    /** Reads all weights once, then the tokens before. */
    void go() {
      stream.step(before, 0);
      stream.reset();
      if (depth > 0) {
        stream.feed(before);
      }
    }
  }

  private static final class Many<T> implements Workload.Run {
    private final Start<T> start;
    private final T tokens;

    Many(Start<T> start, int count) {
      this.start = start;
      tokens = start.stream.tokens(count);
    }

    @Override
    public void prepare() {
      start.go();
    }

    @Override
    public void work(int part) {
      start.stream.feed(tokens);
    }
  }

  private static final class Steps<T> implements Workload.Run {
    private final Start<T> start;
    private final T tokens;
    private final int count;

    Steps(Start<T> start, int count) {
      this.start = start;
      this.count = count;
      tokens = start.stream.tokens(count);
    }

    @Override
    public void prepare() {
      start.go();
    }

    @Override
    public int parts() {
      return count;
    }

    @Override
    public void work(int part) {
      start.stream.step(tokens, part);
    }
  }
}
