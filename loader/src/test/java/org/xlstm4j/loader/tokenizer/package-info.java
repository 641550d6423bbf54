/** Tests of the tokenizer. */
@NullMarked
package org.xlstm4j.loader.tokenizer;

import org.jspecify.annotations.NullMarked;
