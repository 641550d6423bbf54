/** Quantized weights made from floats: scales that minimize the error, panels, whole folders. */
@NullMarked
package org.xlstm4j.loader.quantize;

import org.jspecify.annotations.NullMarked;
