package org.xlstm4j.models.language;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Beginnings of texts, found by the texts that begin with them, in the order of their last use. Not
 * thread-safe.
 *
 * @param <V> what is known of each
 */
final class PrefixIndex<V> implements Iterable<PrefixIndex.Entry<V>> {
  /** By hash, the one that was used last behind the others. */
  private final Map<Long, Entry<V>> entries = new LinkedHashMap<>();

  /**
   * A beginning.
   *
   * @param <V> what is known of it
   * @param tokens all of it; not to be changed
   */
  @SuppressWarnings("ArrayRecordComponent") // read by this package alone
  record Entry<V>(int[] tokens, V value) {}

  /** The longest one that a text begins with, perhaps the whole text; its use does not count. */
  @Nullable Entry<V> longest(int[] text) {
    Entry<V> longest = null;
    long hash = 0;
    for (int i = 0; i < text.length; i++) {
      hash = hash(hash, text[i]);
      Entry<V> found = entries.get(hash);
      if (found != null && isPrefix(found.tokens(), i + 1, text)) {
        longest = found;
      }
    }
    return longest;
  }

  private static boolean isPrefix(int[] tokens, int length, int[] text) {
    return tokens.length == length && Arrays.equals(tokens, 0, length, text, 0, length);
  }

  /** The one with these tokens; counts as its use. */
  @Nullable Entry<V> use(int[] text, int length) {
    long hash = hash(text, length);
    Entry<V> found = entries.remove(hash);
    if (found != null) {
      entries.put(hash, found);
    }
    return found != null && isPrefix(found.tokens(), length, text) ? found : null;
  }

  /** Adds one, as if it were used; gives the one that cannot be kept with it. */
  @Nullable Entry<V> put(Entry<V> entry) {
    long hash = hash(entry.tokens(), entry.tokens().length);
    Entry<V> replaced = entries.remove(hash);
    entries.put(hash, entry);
    return replaced;
  }

  /** Removes one, if it is there. */
  boolean remove(Entry<V> entry) {
    return entries.remove(hash(entry.tokens(), entry.tokens().length), entry);
  }

  /** From the one whose last use is the longest ago; allows to remove. */
  @Override
  public Iterator<Entry<V>> iterator() {
    return entries.values().iterator();
  }

  int size() {
    return entries.size();
  }

  private static long hash(int[] tokens, int length) {
    long hash = 0;
    for (int i = 0; i < length; i++) {
      hash = hash(hash, tokens[i]);
    }
    return hash;
  }

  /** Of a text that is longer by a token. */
  private static long hash(long before, int token) {
    long hash = (before + token + 1) * 0x9E3779B97F4A7C15L;
    return hash ^ hash >>> 32;
  }
}
