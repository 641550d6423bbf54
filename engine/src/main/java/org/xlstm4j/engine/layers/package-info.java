/**
 * The layers between a model's cells and its dense projections: norms, convolutions, projections by
 * blocks, activation functions.
 */
@NullMarked
package org.xlstm4j.engine.layers;

import org.jspecify.annotations.NullMarked;
