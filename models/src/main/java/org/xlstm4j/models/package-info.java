/** Placeholder. */
@NullMarked
package org.xlstm4j.models;

import org.jspecify.annotations.NullMarked;
