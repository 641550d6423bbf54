/**
 * Texts: completions, chats and tokens, by the names of OpenAI's fields. {@code DecodeScheduler} is
 * the one place where tokens are decoded.
 */
@NullMarked
package org.xlstm4j.cli.serve.language;

import org.jspecify.annotations.NullMarked;
