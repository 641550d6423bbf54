package org.xlstm4j.models;

/** What can be chosen for models of some families only. */
public enum ModelOption {
  /** Single steps in place of whole sequences. */
  STEPS,
  /** A task among those of the configuration. */
  TASK,
  /** The numbers in which the scalar cells run. */
  CELL_ARITHMETIC,
  /** Forecasts averaged with those of the negated series. */
  SIGN_FLIP,
  /** Series with a trend forecast as they are, not by their differences. */
  NO_DIFFERENCING,
  /** Embeddings of series with those of their differences and with statistics. */
  AUGMENT,
  /** A linear head on the embedding of series. */
  HEAD
}
