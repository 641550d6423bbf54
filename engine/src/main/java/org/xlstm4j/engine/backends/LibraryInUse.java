package org.xlstm4j.engine.backends;

import org.jspecify.annotations.Nullable;

/** The library that computes products of many tokens in this process. Thread-safe. */
public final class LibraryInUse {
  private static volatile @Nullable ProductLibrary library;

  private LibraryInUse() {}

  /** The library, or null for the engine's kernels. */
  public static @Nullable ProductLibrary get() {
    return library;
  }

  /**
   * Changes it for what is computed from now on.
   *
   * @param chosen the library, or null for the engine's kernels
   */
  public static void set(@Nullable ProductLibrary chosen) {
    library = chosen;
  }
}
