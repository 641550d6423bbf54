/** Layers without state of their own: projections, norms, embeddings. */
@NullMarked
package org.xlstm4j.engine.layers;

import org.jspecify.annotations.NullMarked;
