/** Recurrent cells and the state of a session: state in, state out, no allocation. */
@NullMarked
package org.xlstm4j.engine.cells;

import org.jspecify.annotations.NullMarked;
