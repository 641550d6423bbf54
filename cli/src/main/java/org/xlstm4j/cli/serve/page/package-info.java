/** The page at {@code /}: files that come with the program, and samples that come with models. */
@NullMarked
package org.xlstm4j.cli.serve.page;

import org.jspecify.annotations.NullMarked;
