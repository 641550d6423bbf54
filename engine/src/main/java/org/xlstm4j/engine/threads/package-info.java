/** Threads that compute together, and the scratch memory of a session. */
@NullMarked
package org.xlstm4j.engine.threads;

import org.jspecify.annotations.NullMarked;
