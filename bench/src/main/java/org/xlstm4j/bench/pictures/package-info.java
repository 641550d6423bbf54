/** What the decoder of pictures makes of files, for a comparison with other decoders. */
@NullMarked
package org.xlstm4j.bench.pictures;

import org.jspecify.annotations.NullMarked;
