/** From the series of a file to a model's groups, and from forecasts to a table. */
@NullMarked
package org.xlstm4j.cli.forecast;

import org.jspecify.annotations.NullMarked;
