package org.xlstm4j.models;

/** What can be chosen for models of some families only. */
public enum ModelOption {
  /** Single steps in place of whole sequences. */
  STEPS,
  /** A task among those of the configuration. */
  TASK,
  /** The numbers in which the scalar cells run. */
  CELL_ARITHMETIC
}
