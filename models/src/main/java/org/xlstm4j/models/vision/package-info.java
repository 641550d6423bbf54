/** Vision-LSTM: an image in, logits or features out. */
@NullMarked
package org.xlstm4j.models.vision;

import org.jspecify.annotations.NullMarked;
