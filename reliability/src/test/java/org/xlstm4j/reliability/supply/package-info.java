/** What the build takes from others. */
@NullMarked
package org.xlstm4j.reliability.supply;

import org.jspecify.annotations.NullMarked;
