/** The commands, one class each. */
@NullMarked
package org.xlstm4j.cli.commands;

import org.jspecify.annotations.NullMarked;
