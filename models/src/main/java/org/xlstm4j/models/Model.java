package org.xlstm4j.models;

import org.xlstm4j.loader.Checkpoint;

/** What models of all families have in common: weights that are open, and the cost of a step. */
public interface Model extends AutoCloseable {
  /**
   * The family, as people call it.
   *
   * @return such as {@code xLSTM-Large}
   */
  String family();

  /**
   * The tensors the model is made of.
   *
   * @return the open checkpoint
   */
  Checkpoint checkpoint();

  /**
   * What the machine has to do for one step.
   *
   * @return the step's cost
   */
  StepCost stepCost();

  /** Frees the weights; sessions throw {@link IllegalStateException} afterwards. */
  @Override
  void close();
}
