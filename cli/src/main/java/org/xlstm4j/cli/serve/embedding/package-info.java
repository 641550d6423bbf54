/** Vectors of time series and of pictures over HTTP. */
@NullMarked
package org.xlstm4j.cli.serve.embedding;

import org.jspecify.annotations.NullMarked;
