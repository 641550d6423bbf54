/** Control over WebSockets: each connection is one robot, with a session of its own. */
@NullMarked
package org.xlstm4j.cli.serve.control;

import org.jspecify.annotations.NullMarked;
