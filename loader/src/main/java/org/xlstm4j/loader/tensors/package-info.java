/** Tensors of a checkpoint: their names, types and shapes, and how matrices lie in them. */
@NullMarked
package org.xlstm4j.loader.tensors;

import org.jspecify.annotations.NullMarked;
