/** The process: how it ends, what its errors look like, what it runs on. */
@NullMarked
package org.xlstm4j.cli.process;

import org.jspecify.annotations.NullMarked;
