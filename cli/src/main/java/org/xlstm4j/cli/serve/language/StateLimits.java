package org.xlstm4j.cli.serve.language;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a model's states, so that a conversation that returns costs its new tokens only.
 *
 * @param bytes of memory; none for no states at all
 * @param folder with a folder for each model, or null for memory alone
 * @param folderBytes of files a model
 */
public record StateLimits(long bytes, @Nullable Path folder, long folderBytes) {
  /** A quarter of a gigabyte of memory. */
  public static StateLimits usual() {
    return new StateLimits(256L << 20, null, 0);
  }
}
