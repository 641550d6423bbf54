/** Workloads timed next to the limits of the machine. */
@NullMarked
package org.xlstm4j.cli.timing;

import org.jspecify.annotations.NullMarked;
