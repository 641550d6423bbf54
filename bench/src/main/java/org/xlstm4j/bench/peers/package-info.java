/** Runtimes that are compared: each a process of its own that prints one line of JSON. */
@NullMarked
package org.xlstm4j.bench.peers;

import org.jspecify.annotations.NullMarked;
