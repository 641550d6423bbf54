/** Fuzz targets for all readers, and the promises that they check. */
@NullMarked
package org.xlstm4j.reliability.fuzzing;

import org.jspecify.annotations.NullMarked;
