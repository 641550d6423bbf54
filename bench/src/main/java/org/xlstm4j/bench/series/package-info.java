/** Series that grow: what a value costs, and how good forecasts stay. */
@NullMarked
package org.xlstm4j.bench.series;

import org.jspecify.annotations.NullMarked;
