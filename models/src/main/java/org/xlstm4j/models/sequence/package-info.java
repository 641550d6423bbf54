/** Models that transform sequences: vectors in, vectors out, state kept. */
@NullMarked
package org.xlstm4j.models.sequence;

import org.jspecify.annotations.NullMarked;
