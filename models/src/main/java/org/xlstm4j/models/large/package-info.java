/** xLSTM-Large, the architecture of xLSTM-7B (arXiv:2503.13427). */
@NullMarked
package org.xlstm4j.models.large;

import org.jspecify.annotations.NullMarked;
