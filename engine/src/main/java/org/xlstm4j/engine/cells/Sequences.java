package org.xlstm4j.engine.cells;

import java.util.List;

/**
 * Sequences that go through a layer together: their tokens lie one after the other, and each
 * sequence has its own state. Work on single tokens is done for all of them at once; only layers
 * with a state distinguish the sequences.
 *
 * @param states one per sequence, all different
 * @param lengths tokens of each sequence, each at least 1
 */
public record Sequences(List<State> states, List<Integer> lengths) {
  /** Copies the lists and checks that they belong together. */
  public Sequences {
    states = List.copyOf(states);
    lengths = List.copyOf(lengths);
    if (states.size() != lengths.size() || states.isEmpty()) {
      throw new IllegalArgumentException(
          states.size() + " states for " + lengths.size() + " sequences");
    }
    for (int length : lengths) {
      if (length < 1) {
        throw new IllegalArgumentException("a sequence of " + length + " tokens");
      }
    }
  }

  /**
   * How many there are.
   *
   * @return at least 1
   */
  public int count() {
    return states.size();
  }

  /**
   * The tokens of all sequences together.
   *
   * @return at least 1
   */
  public int tokens() {
    int tokens = 0;
    for (int i = 0; i < lengths.size(); i++) { // an iterator may be an object
      tokens = Math.addExact(tokens, lengths.get(i));
    }
    return tokens;
  }
}
