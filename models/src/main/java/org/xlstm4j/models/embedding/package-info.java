/**
 * Series as vectors: embeddings, the linear heads that make classes or values of them, and how such
 * heads are fitted.
 */
@NullMarked
package org.xlstm4j.models.embedding;

import org.jspecify.annotations.NullMarked;
