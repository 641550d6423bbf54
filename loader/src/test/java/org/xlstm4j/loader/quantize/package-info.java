@NullUnmarked
package org.xlstm4j.loader.quantize;

import org.jspecify.annotations.NullUnmarked;
