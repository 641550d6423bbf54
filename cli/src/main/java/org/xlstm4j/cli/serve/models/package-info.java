/** The models that a server has opened, by the names that clients call them. */
@NullMarked
package org.xlstm4j.cli.serve.models;

import org.jspecify.annotations.NullMarked;
