/**
 * The {@code xlstm} command: {@link org.xlstm4j.cli.Main} finds the class of the command that was
 * asked for and runs it. A command is one class that extends {@code Subcommand}; results go to
 * standard output, everything else to standard error.
 */
@NullMarked
package org.xlstm4j.cli;

import org.jspecify.annotations.NullMarked;
