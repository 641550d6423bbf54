/** A conversation in the terminal: what is typed, what is answered, and what stops an answer. */
@NullMarked
package org.xlstm4j.cli.chat;

import org.jspecify.annotations.NullMarked;
