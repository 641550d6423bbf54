/** Standard input, output and error, and progress on them. */
@NullMarked
package org.xlstm4j.cli.terminal;

import org.jspecify.annotations.NullMarked;
