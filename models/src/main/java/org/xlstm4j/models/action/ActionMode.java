package org.xlstm4j.models.action;

/** What a session feeds its model from step to step. */
public enum ActionMode {
  /**
   * The original's recurrent loop: the state is carried on, and every reward token is 0, since the
   * original feeds it before the reward is known.
   */
  ZERO,
  /**
   * Recurrent with true rewards: each reward token is fed when its reward is known, right before
   * the next observation. The same as evaluating the whole episode at once.
   */
  DELAYED,
  /**
   * The original's default: at each step the last steps, padded on the left with steps of zeros,
   * run from an empty state. Costs as many tokens a step as the window has.
   */
  WINDOWED
}
