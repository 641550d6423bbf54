/** JMH benchmarks of kernels, cells and whole steps, with the share of the machine's limits. */
@NullMarked
package org.xlstm4j.bench.suite;

import org.jspecify.annotations.NullMarked;
