package org.xlstm4j.models.forecast;

import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.models.blocks.Pass;

/**
 * A forecaster as a recurrence over patches: what a session needs that carries its state on. The
 * output of a patch speaks of the patch that follows.
 */
public interface PatchRecurrence {
  /**
   * Freezes what a window of values says about their scale.
   *
   * @param window the values, NaN where they are missing
   * @return how values go in and quantiles come out from now on
   */
  Anchor anchor(float[] window);

  /**
   * A state before the first patch.
   *
   * @return a new one
   */
  State newState();

  /**
   * Width of the stream.
   *
   * @return values a patch
   */
  int width();

  /**
   * Patches through the network.
   *
   * @param pass theirs, with the states of their sequences
   * @param inputs {@code [patches][2 * patch]}: scaled values, and which of them are there
   * @param x receives {@code [patches][width]}
   */
  void forward(Pass pass, Columns inputs, Columns x);

  /**
   * What the network says of the patches that follow some.
   *
   * @param pass any of the session
   * @param x {@code [patches][width]}
   * @param patches how many
   * @param outputs receives {@code [patches][levels][patch]}
   */
  void readOut(Pass pass, Columns x, int patches, Columns outputs);

  /** A frozen scale. Immutable and thread-safe. */
  interface Anchor {
    /**
     * Writes a patch as the network takes it.
     *
     * @param values of a series, NaN where they are missing; what lies before the first is missing
     * @param end where the patch ends; 0 or less for a patch of missing values
     * @param target receives {@code [2 * patch]}
     * @param token which token of it
     */
    void write(float[] values, int end, Columns target, int token);

    /**
     * Makes quantiles of what the network says.
     *
     * @param outputs {@code [patches][levels][patch]}
     * @param steps how many, counted over all patches
     * @param last the last value of the series that is not missing
     * @return {@code [steps][levels]}, in the units of the series
     */
    float[] quantiles(Columns outputs, int steps, float last);
  }
}
