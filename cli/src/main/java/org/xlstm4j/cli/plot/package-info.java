/** Plots of series and forecasts. */
@NullMarked
package org.xlstm4j.cli.plot;

import org.jspecify.annotations.NullMarked;
