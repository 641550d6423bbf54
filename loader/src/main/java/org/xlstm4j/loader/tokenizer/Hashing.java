package org.xlstm4j.loader.tokenizer;

/**
 * Hash functions of this package's open-addressed tables.
 *
 * <p>The multipliers differ from process to process, so that no file can be made whose tokens all
 * collide. The upper bits of a hash are the good ones.
 */
final class Hashing {
  private static final long MULTIPLIER = mix(System.nanoTime()) | 1;
  private static final int CHARACTER_MULTIPLIER = (int) (MULTIPLIER >>> 32) | 1;

  private Hashing() {}

  /** The hash of the characters {@code from} to {@code to} (exclusive). */
  static int of(char[] text, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = (hash ^ text[i]) * CHARACTER_MULTIPLIER;
    }
    return (hash ^ (hash >>> 15)) * CHARACTER_MULTIPLIER;
  }

  /** The hash of a number. */
  static int of(long key) {
    return (int) ((key * MULTIPLIER) >>> 32);
  }

  /** The logarithm of the size of a table that {@code entries} fill by half at most. */
  static int tableBits(int entries) {
    return 33 - Integer.numberOfLeadingZeros(Math.max(entries, 1));
  }

  /** The finalizer of SplitMix64: spreads the few bits that change from start to start. */
  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
