package org.xlstm4j.loader.tokenizer;

import java.util.Arrays;

/**
 * Merges the bytes of one word: the pair of lowest rank first, of several the leftmost, until no
 * neighbors merge any more. With a heap of candidate pairs, so n bytes take of order n log n steps.
 * Holds working space; not thread-safe.
 */
final class BytePairEncoder {
  private static final int REMOVED = -1;

  private final BytePairModel model;
  private final MergeTable merges;

  /** The tokens of the word as they are now, linked both ways; all by first position. */
  private int[] token = new int[32];

  private int[] next = new int[32];
  private int[] previous = new int[32];

  /** Candidates as a binary heap: rank in the upper half, position of the left token below. */
  private long[] heap = new long[64];

  private int heapSize;

  BytePairEncoder(BytePairModel model) {
    this.model = model;
    merges = model.merges();
  }

  /** Appends the tokens of a word. */
  void encode(ByteSequence word, TokenBuffer out) {
    int count = start(word);
    for (int i = 0; i + 1 < count; i++) {
      offer(i, i + 1, count);
    }
    while (heapSize > 0) {
      long candidate = poll();
      int left = (int) candidate;
      int right = next[left];
      if (token[left] == REMOVED || right == count) {
        continue;
      }
      long merge = merges.get(token[left], token[right]);
      if (MergeTable.rank(merge) != MergeTable.rank(candidate)) {
        continue; // the pair that was here has merged with a neighbor
      }
      token[left] = MergeTable.merged(merge);
      token[right] = REMOVED;
      int after = next[right];
      next[left] = after;
      if (after < count) {
        previous[after] = left;
      }
      offer(previous[left], left, count);
      offer(left, after, count);
    }
    for (int i = 0; i < count; i = next[i]) {
      out.add(token[i]);
    }
  }

  /** Lays out one token a byte and returns their number. */
  private int start(ByteSequence word) {
    if (word.size() > token.length) {
      int room = Math.max(word.size(), 2 * token.length);
      token = new int[room];
      next = new int[room];
      previous = new int[room];
    }
    int count = 0;
    for (int i = 0; i < word.size(); i++) {
      int id = model.byteToken(word.get(i) & 0xFF);
      if (id != Vocabulary.NONE) {
        token[count] = id;
        previous[count] = count - 1;
        next[count] = ++count;
      }
    }
    return count;
  }

  /** Makes a pair a candidate if both exist and merge. */
  private void offer(int left, int right, int count) {
    if (left < 0 || right >= count) {
      return;
    }
    long merge = merges.get(token[left], token[right]);
    if (merge == MergeTable.NONE) {
      return;
    }
    if (heapSize == heap.length) {
      heap = Arrays.copyOf(heap, 2 * heapSize);
    }
    long candidate = ((long) MergeTable.rank(merge) << 32) | left;
    int hole = heapSize++;
    while (hole > 0) {
      int parent = (hole - 1) >> 1;
      if (heap[parent] <= candidate) {
        break;
      }
      heap[hole] = heap[parent];
      hole = parent;
    }
    heap[hole] = candidate;
  }

  /** Removes and returns the best candidate. */
  private long poll() {
    long best = heap[0];
    long last = heap[--heapSize];
    int hole = 0;
    while (true) {
      int child = 2 * hole + 1;
      if (child >= heapSize) {
        break;
      }
      if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= last) {
        break;
      }
      heap[hole] = heap[child];
      hole = child;
    }
    heap[hole] = last;
    return best;
  }
}
