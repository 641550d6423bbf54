/** Tables of results, for people and for scripts. */
@NullMarked
package org.xlstm4j.cli.output;

import org.jspecify.annotations.NullMarked;
