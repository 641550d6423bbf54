/** Options that several commands share. */
@NullMarked
package org.xlstm4j.cli.options;

import org.jspecify.annotations.NullMarked;
