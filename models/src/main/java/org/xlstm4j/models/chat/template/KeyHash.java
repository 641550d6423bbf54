package org.xlstm4j.models.chat.template;

import java.util.SplittableRandom;

/**
 * Hashes of dictionaries' keys that nobody can foresee, so that no template holds many keys with
 * one hash. They differ between runs; nothing depends on them, as dictionaries keep the order of
 * their keys.
 */
final class KeyHash {
  private static final long FACTOR = new SplittableRandom().nextLong() | 1;

  private KeyHash() {}

  /** The hash of a text. */
  static int of(String text) {
    long hash = 0;
    for (int i = 0; i < text.length(); i++) {
      hash = hash * FACTOR + text.charAt(i) + 1;
    }
    return of(hash);
  }

  /** The hash of a number. */
  static int of(long number) {
    return (int) ((number * FACTOR) >>> 32);
  }
}
