/** Language models: a text's tokens in, the next token's logits out. */
@NullMarked
package org.xlstm4j.models.language;

import org.jspecify.annotations.NullMarked;
