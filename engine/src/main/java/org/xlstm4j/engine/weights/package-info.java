/** Weight matrices in all their storage types, and projections: their products with tokens. */
@NullMarked
package org.xlstm4j.engine.weights;

import org.jspecify.annotations.NullMarked;
