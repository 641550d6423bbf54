package org.xlstm4j.loader.tokenizer;

import java.util.Arrays;
import java.util.Objects;

/** A growing sequence of token ids. Not thread-safe. */
public final class TokenBuffer {
  private int[] ids = new int[16];
  private int size;

  /** An empty sequence. */
  public TokenBuffer() {}

  /** The number of ids. */
  public int size() {
    return size;
  }

  /**
   * The id at a position.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  public int get(int position) {
    return ids[Objects.checkIndex(position, size)];
  }

  /** Appends an id. */
  public void add(int id) {
    reserve(1);
    ids[size++] = id;
  }

  /** Appends ids in order. */
  public void addAll(int[] more) {
    reserve(more.length);
    for (int i = 0; i < more.length; i++) {
      ids[size + i] = more[i];
    }
    size += more.length;
  }

  /** Removes all ids and keeps the room for new ones. */
  public void clear() {
    size = 0;
  }

  /** The ids in a new array. */
  public int[] toArray() {
    return Arrays.copyOf(ids, size);
  }

  /** The ids from a position on, in a new array. */
  int[] toArray(int from) {
    return Arrays.copyOfRange(ids, from, size);
  }

  private void reserve(int more) {
    if (more > ids.length - size) {
      ids = Arrays.copyOf(ids, Math.max(Math.addExact(size, more), size + (size >> 1)));
    }
  }
}
