/** JSON that clients send, read with limits, and JSON that they get. */
@NullMarked
package org.xlstm4j.cli.serve.json;

import org.jspecify.annotations.NullMarked;
