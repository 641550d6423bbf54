/** Pictures over HTTP: how they are sent, and what models say of them. */
@NullMarked
package org.xlstm4j.cli.serve.vision;

import org.jspecify.annotations.NullMarked;
