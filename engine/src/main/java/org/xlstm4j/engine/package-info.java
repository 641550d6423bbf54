/** What computes in this process: machine code, the Vector API, plain Java or a library. */
@NullMarked
package org.xlstm4j.engine;

import org.jspecify.annotations.NullMarked;
