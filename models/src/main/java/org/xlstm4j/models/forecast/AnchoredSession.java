package org.xlstm4j.models.forecast;

/**
 * A series that grows without end, with constant work for each value: the scaling is fixed, and the
 * network's state is kept instead of being computed again from the last values. So a forecast
 * differs from that of a plain {@link ForecastSession}, which depends on the last values only;
 * {@code docs/forecasting.md} says by how much.
 *
 * <p>The session anchors itself when {@link ForecastModel#contextLength()} values are there; until
 * then it forecasts as a plain session does. Call {@link #anchor} when the level or the spread of
 * the series has changed for good. Memory is constant, too.
 *
 * <p>Not thread-safe; sessions that were made together share their scratch memory and are used by
 * one thread at a time.
 */
public interface AnchoredSession extends ForecastSession {
  /**
   * Freezes the scaling as the last values, at most {@link ForecastModel#contextLength()}, have it,
   * and begins the states with these values. Takes the time of a forecast for each phase: {@link
   * ForecastModel#patchLength()} over the stride. A forecast right afterwards is that of a plain
   * session with all its patches in one pass, if the context is a whole number of patches.
   *
   * @throws IllegalStateException if there is no value yet
   */
  void anchor();

  /**
   * Whether the scaling is frozen.
   *
   * @return false while forecasts are those of a plain session
   */
  boolean isAnchored();
}
