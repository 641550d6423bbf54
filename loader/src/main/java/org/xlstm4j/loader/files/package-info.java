/** What files are, for the module's own use. */
@NullMarked
package org.xlstm4j.loader.files;

import org.jspecify.annotations.NullMarked;
