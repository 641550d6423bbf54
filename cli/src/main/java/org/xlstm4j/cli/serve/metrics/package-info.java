/** What the server counts and times, in the text form that Prometheus reads. */
@NullMarked
package org.xlstm4j.cli.serve.metrics;

import org.jspecify.annotations.NullMarked;
