/** Writers that are killed at random moments, and what may be there afterwards. */
@NullMarked
package org.xlstm4j.reliability.durability;

import org.jspecify.annotations.NullMarked;
