/** Images: from files to pixels, and from pixels to a model's input. */
@NullMarked
package org.xlstm4j.models.image;

import org.jspecify.annotations.NullMarked;
