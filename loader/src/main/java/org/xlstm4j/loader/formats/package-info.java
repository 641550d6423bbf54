/**
 * Files of tensors: safetensors with their index, and PyTorch archives, read without running
 * anything.
 */
@NullMarked
package org.xlstm4j.loader.formats;

import org.jspecify.annotations.NullMarked;
