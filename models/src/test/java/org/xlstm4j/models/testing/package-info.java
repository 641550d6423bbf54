/** Helpers of the tests of all families. */
@NullMarked
package org.xlstm4j.models.testing;

import org.jspecify.annotations.NullMarked;
