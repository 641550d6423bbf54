/** Time series in CSV files. */
@NullMarked
package org.xlstm4j.cli.series;

import org.jspecify.annotations.NullMarked;
