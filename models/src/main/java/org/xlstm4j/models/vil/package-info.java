/** Vision-LSTM (arXiv:2406.04303). */
@NullMarked
package org.xlstm4j.models.vil;

import org.jspecify.annotations.NullMarked;
