/** A server in this process, and clients that send it whatever bytes. */
@NullMarked
package org.xlstm4j.reliability.serving;

import org.jspecify.annotations.NullMarked;
