package org.xlstm4j.models.tirex2;

/**
 * One pass of the network for a group.
 *
 * @param forecast receives its part
 * @param window what it sees
 * @param negated whether it sees all rows with the other sign
 * @param firstStep where its part of the forecast starts
 * @param steps how many steps it forecasts
 */
record GroupPass(
    GroupForecast forecast, GroupWindow window, boolean negated, int firstStep, int steps) {
  /** Tokens of all rows. */
  int tokens() {
    return Math.multiplyExact(window.rows().size(), window.tokens());
  }
}
