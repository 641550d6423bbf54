/** Values of tokens in arrays, and work on some of them. */
@NullMarked
package org.xlstm4j.engine.tokens;

import org.jspecify.annotations.NullMarked;
