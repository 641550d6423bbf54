/**
 * Text to token ids and back: byte-level byte pair encoding as published in {@code tokenizer.json}.
 *
 * <p>The results equal those of the Hugging Face tokenizers library. A text passes these stations:
 * added tokens that match the text as it is, normalization, added tokens that match the normalized
 * text, the GPT-2 word pattern, byte pairs within each word.
 */
@NullMarked
package org.xlstm4j.loader.tokenizer;

import org.jspecify.annotations.NullMarked;
