/** TiRex: forecasts of time series as quantiles, from patches of their past (arXiv:2505.23719). */
@NullMarked
package org.xlstm4j.models.tirex;

import org.jspecify.annotations.NullMarked;
