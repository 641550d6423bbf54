/** Programs that run for hours: threads under stress, leaks, drift, and the times of control. */
@NullMarked
package org.xlstm4j.reliability.endurance;

import org.jspecify.annotations.NullMarked;
