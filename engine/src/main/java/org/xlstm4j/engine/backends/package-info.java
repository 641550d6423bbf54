/** Native libraries for products of many tokens, found at run time. */
@NullMarked
package org.xlstm4j.engine.backends;

import org.jspecify.annotations.NullMarked;
