/**
 * Blocks that several architectures are made of. A block is a list of residual layers, {@code x +=
 * layer(norm(x))}; layers read their weights by name below a prefix.
 */
@NullMarked
package org.xlstm4j.models.blocks;

import org.jspecify.annotations.NullMarked;
