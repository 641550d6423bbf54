package org.xlstm4j.loader.files;

/** How the files of a model are opened. */
public enum LoadOption {
  /**
   * Read the files into memory of the process instead of mapping them. Opening takes as long as
   * reading does, and the memory is not shared with other processes. In return the weights stay
   * what they were, whatever happens to the files: a mapped file that somebody overwrites changes
   * the weights, and one that somebody truncates ends in an {@link InternalError} at best and in a
   * crash of the JVM at worst.
   */
  IN_MEMORY;

  /** Whether one of the options is this one. */
  public boolean in(LoadOption... options) {
    for (LoadOption option : options) {
      if (option == this) {
        return true;
      }
    }
    return false;
  }
}
