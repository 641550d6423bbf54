/** What the machine can do at best: bytes and products a second, measured. */
@NullMarked
package org.xlstm4j.engine.limits;

import org.jspecify.annotations.NullMarked;
