/** What answers a simulator or robot line by line. */
@NullMarked
package org.xlstm4j.cli.act;

import org.jspecify.annotations.NullMarked;
