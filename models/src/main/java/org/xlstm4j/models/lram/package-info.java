/** Large Recurrent Action Models (arXiv:2410.22391). */
@NullMarked
package org.xlstm4j.models.lram;

import org.jspecify.annotations.NullMarked;
