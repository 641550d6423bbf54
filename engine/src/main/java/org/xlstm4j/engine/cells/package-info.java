/** Recurrent cells: state in, state out, no allocation. */
@NullMarked
package org.xlstm4j.engine.cells;

import org.jspecify.annotations.NullMarked;
