package org.xlstm4j.engine.threads;

import java.util.Arrays;

/**
 * What scratch memory is for: a class, and the sizes it was made for. Layers of the same kind and
 * sizes share it. Immutable and thread-safe.
 */
public final class ScratchKey {
  private final Class<?> type;
  private final int[] sizes;
  private final int hash;

  private ScratchKey(Class<?> type, int[] sizes) {
    this.type = type;
    this.sizes = sizes;
    hash = 31 * type.hashCode() + Arrays.hashCode(sizes);
  }

  /**
   * A key.
   *
   * @param type class of the scratch memory
   * @param sizes what it depends on
   * @return the key
   */
  public static ScratchKey of(Class<?> type, int... sizes) {
    return new ScratchKey(type, sizes.clone());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScratchKey key && type == key.type && Arrays.equals(sizes, key.sizes);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
