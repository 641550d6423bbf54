/** Forecasts over HTTP: what clients send, as JSON or as separated values, and what they get. */
@NullMarked
package org.xlstm4j.cli.serve.forecast;

import org.jspecify.annotations.NullMarked;
