package org.xlstm4j.models;

import java.util.List;

/**
 * How much work is to be timed, for models where that is a choice.
 *
 * @param prompts numbers of tokens to be read at once; 0 for none
 * @param steps numbers of steps to be taken one at a time; 0 for none
 * @param depths numbers of tokens that come before
 * @param batches numbers of sequences to be stepped together
 * @param turns numbers of turns of a conversation, of which the last is timed
 */
public record WorkloadSizes(
    List<Integer> prompts,
    List<Integer> steps,
    List<Integer> depths,
    List<Integer> batches,
    List<Integer> turns) {
  /** Copies the lists. */
  public WorkloadSizes {
    prompts = List.copyOf(prompts);
    steps = List.copyOf(steps);
    depths = List.copyOf(depths);
    batches = List.copyOf(batches);
    turns = List.copyOf(turns);
  }
}
