/** Memory as the operating system provides it: large pages, advice, locks. */
@NullMarked
package org.xlstm4j.engine.system;

import org.jspecify.annotations.NullMarked;
