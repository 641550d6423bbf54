/** Folders that the tests write to. */
@NullMarked
package org.xlstm4j.reliability.folders;

import org.jspecify.annotations.NullMarked;
