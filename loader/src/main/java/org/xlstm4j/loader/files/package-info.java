/** How files are opened, refused and written as a whole. */
@NullMarked
package org.xlstm4j.loader.files;

import org.jspecify.annotations.NullMarked;
