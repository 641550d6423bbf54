/** Forecasts of time series as quantiles. */
@NullMarked
package org.xlstm4j.models.forecast;

import org.jspecify.annotations.NullMarked;
