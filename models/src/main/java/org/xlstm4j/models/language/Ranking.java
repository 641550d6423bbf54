package org.xlstm4j.models.language;

import java.util.Arrays;

/**
 * The tokens with the highest scores, in order, equal ones by id. Allocates nothing once it has
 * ranked as many scores before. Not thread-safe.
 */
final class Ranking {
  private long[] keys = new long[0];

  /**
   * Ranks tokens.
   *
   * @param scores one a token
   * @param count how many tokens there are
   * @param kept how many of the best are wanted, at most {@code count}
   */
  void rank(float[] scores, int count, int kept) {
    if (keys.length < count) {
      keys = new long[count];
    }
    for (int token = 0; token < count; token++) {
      int bits = Float.floatToIntBits(scores[token]);
      int rising = bits ^ (bits >> 31 & 0x7fffffff);
      keys[token] = (long) ~rising << 32 | token;
    }
    if (kept < count / 8) {
      smallestFirst(count, kept);
    } else {
      Arrays.sort(keys, 0, count);
    }
  }

  /** The token at a place, 0 for the best. */
  int token(int place) {
    return (int) keys[place];
  }

  /** Brings the {@code kept} smallest keys to the front in order, by a heap of that size. */
  private void smallestFirst(int count, int kept) {
    if (kept == 0) {
      return;
    }
    for (int parent = kept / 2 - 1; parent >= 0; parent--) {
      sift(parent, kept);
    }
    for (int i = kept; i < count; i++) {
      if (keys[i] < keys[0]) {
        keys[0] = keys[i];
        sift(0, kept);
      }
    }
    Arrays.sort(keys, 0, kept);
  }

  private void sift(int from, int size) {
    int parent = from;
    long key = keys[parent];
    while (2 * parent + 1 < size) {
      int child = 2 * parent + 1;
      if (child + 1 < size && keys[child + 1] > keys[child]) {
        child++;
      }
      if (keys[child] <= key) {
        break;
      }
      keys[parent] = keys[child];
      parent = child;
    }
    keys[parent] = key;
  }
}
