/**
 * The Large Recurrent Action Model (arXiv:2410.22391): one observation in, one action out, in the
 * same short time at every step of an episode.
 */
@NullMarked
package org.xlstm4j.models.action;

import org.jspecify.annotations.NullMarked;
