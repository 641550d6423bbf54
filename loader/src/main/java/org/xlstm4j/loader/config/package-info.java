/** Configurations of models, in JSON or YAML. */
@NullMarked
package org.xlstm4j.loader.config;

import org.jspecify.annotations.NullMarked;
