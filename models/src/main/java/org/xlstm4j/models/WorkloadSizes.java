package org.xlstm4j.models;

import java.util.List;

/**
 * How much work is to be timed, for models where that is a choice.
 *
 * @param prompts numbers of tokens to be read at once; 0 for none
 * @param steps numbers of steps to be taken one at a time; 0 for none
 * @param depths numbers of tokens that come before
 */
public record WorkloadSizes(List<Integer> prompts, List<Integer> steps, List<Integer> depths) {
  /** Copies the lists. */
  public WorkloadSizes {
    prompts = List.copyOf(prompts);
    steps = List.copyOf(steps);
    depths = List.copyOf(depths);
  }
}
