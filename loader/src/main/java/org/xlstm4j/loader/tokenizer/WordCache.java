package org.xlstm4j.loader.tokenizer;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of short words met lately. One slot a hash, the last word met stays: bounded in size,
 * and safe for any number of threads since entries never change.
 */
final class WordCache {
  /** The length in characters of the longest words kept. */
  static final int LONGEST_WORD = 32;

  private static final int BITS = 15;

  private final AtomicReferenceArray<@Nullable Entry> entries =
      new AtomicReferenceArray<>(1 << BITS);

  /** The tokens of the word {@code text[from..to)} with this hash, if known. */
  int @Nullable [] get(int hash, char[] text, int from, int to) {
    Entry entry = entries.getAcquire(hash >>> (32 - BITS));
    return entry != null && Arrays.equals(entry.word, 0, entry.word.length, text, from, to)
        ? entry.tokens
        : null;
  }

  /** Remembers the tokens of a word. */
  void put(int hash, char[] text, int from, int to, int[] tokens) {
    entries.setRelease(hash >>> (32 - BITS), new Entry(Arrays.copyOfRange(text, from, to), tokens));
  }

  private static final class Entry {
    final char[] word;
    final int[] tokens;

    Entry(char[] word, int[] tokens) {
      this.word = word;
      this.tokens = tokens;
    }
  }
}
