package org.xlstm4j.loader.tokenizer;

import java.util.Arrays;

/** Which pairs of tokens merge, to what, and in which order: an open-addressed hash table. */
final class MergeTable {
  /** What {@link #get} returns for a pair that does not merge. */
  static final long NONE = -1;

  /** Key and value of each slot side by side; free slots have the key {@link #NONE}. */
  private final long[] slots;

  private final int shift;

  /** A table with room for {@code capacity} pairs. */
  MergeTable(int capacity) {
    int bits = Hashing.tableBits(capacity);
    slots = new long[2 << bits];
    Arrays.fill(slots, NONE);
    shift = 32 - bits;
  }

  /** Sets the merge of a pair; of several of one pair the last one counts. */
  void put(int left, int right, int rank, int merged) {
    long key = pack(left, right);
    int slot = slot(key);
    slots[slot] = key;
    slots[slot + 1] = pack(rank, merged);
  }

  /**
   * The merge of a pair: its rank (see {@link #rank}) in the upper half and the merged token (see
   * {@link #merged}) in the lower, or {@link #NONE}.
   */
  long get(int left, int right) {
    return slots[slot(pack(left, right)) + 1];
  }

  /** The rank in a merge; merges of lower rank go first. */
  static int rank(long merge) {
    return (int) (merge >>> 32);
  }

  /** The token id in a merge. */
  static int merged(long merge) {
    return (int) merge;
  }

  private int slot(long key) {
    int slot = (Hashing.of(key) >>> shift) << 1;
    while (slots[slot] != key && slots[slot] != NONE) {
      slot = (slot + 2) & (slots.length - 1);
    }
    return slot;
  }

  private static long pack(int upper, int lower) {
    return ((long) upper << 32) | lower;
  }
}
