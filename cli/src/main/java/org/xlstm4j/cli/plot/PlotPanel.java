package org.xlstm4j.cli.plot;

import org.xlstm4j.models.forecast.Forecast;

/**
 * A series and its forecast, which a plot shows among others or alone.
 *
 * @param title of the series
 * @param past its values, of which the end is shown
 * @param forecast of what follows, at levels with 0.5 among them
 */
@SuppressWarnings("ArrayRecordComponent") // read once
public record PlotPanel(String title, float[] past, Forecast forecast) {}
