/** Models that look at pictures: classes or features out. */
@NullMarked
package org.xlstm4j.models.vision;

import org.jspecify.annotations.NullMarked;
