/**
 * Models of the blocks of the xLSTM paper (arXiv:2405.04517): language models, and stacks alone.
 */
@NullMarked
package org.xlstm4j.models.xlstm;

import org.jspecify.annotations.NullMarked;
