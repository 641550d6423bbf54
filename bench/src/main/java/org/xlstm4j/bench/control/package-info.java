/** How long the control steps of action models take, against what the memory allows. */
@NullMarked
package org.xlstm4j.bench.control;

import org.jspecify.annotations.NullMarked;
