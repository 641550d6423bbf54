/** TiRex-2: forecasts of several series together, with covariates, from patches of their past. */
@NullMarked
package org.xlstm4j.models.tirex2;

import org.jspecify.annotations.NullMarked;
