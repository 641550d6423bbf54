/** Models that act: an observation in, an action out. */
@NullMarked
package org.xlstm4j.models.action;

import org.jspecify.annotations.NullMarked;
