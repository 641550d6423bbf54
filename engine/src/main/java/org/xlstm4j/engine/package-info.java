/** Weights, sessions' state, threads and layers: what a model is composed of. */
@NullMarked
package org.xlstm4j.engine;

import org.jspecify.annotations.NullMarked;
