package org.xlstm4j.engine.weights;

import org.xlstm4j.engine.tokens.Columns;

/** Is shown what projections are about to compute, for statistics of their inputs. */
public interface LinearObserver {
  /**
   * A matrix is about to be multiplied with some tokens.
   *
   * @param matrix the weights
   * @param x the tokens, {@code matrix.columns()} values each; valid during the call
   * @param tokens how many
   */
  void observe(Matrix matrix, Columns x, int tokens);
}
