/**
 * Checkpoint files to named tensors and configurations.
 *
 * <p>Files are untrusted: every length is compared with what the file holds before anything is
 * allocated or read, and whatever is malformed ends in one {@link
 * org.xlstm4j.loader.files.ModelFormatException}. Weights are mapped, or read into memory on
 * request ({@link org.xlstm4j.loader.files.LoadOption}): a {@link org.xlstm4j.loader.Checkpoint}
 * owns the memory, a {@link org.xlstm4j.loader.tensors.Tensor} is a view.
 */
@NullMarked
package org.xlstm4j.loader;

import org.jspecify.annotations.NullMarked;
