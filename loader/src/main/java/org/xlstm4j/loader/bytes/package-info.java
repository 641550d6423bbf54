/** Bytes of files, checked against what is there. */
@NullMarked
package org.xlstm4j.loader.bytes;

import org.jspecify.annotations.NullMarked;
