package org.xlstm4j.loader.tokenizer;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The texts of added tokens, to be found in a text; immutable.
 *
 * <p>An Aho-Corasick automaton over the reversed texts: it goes through a text once, from its end,
 * and tells at each place the longest token that begins there. So the time is linear in the text
 * whatever the tokens.
 */
final class AddedTokenTrie {
  private static final int ROOT = 0;
  private static final int NONE = -1;

  /** Edges as an open-addressed hash table: node and character to node. */
  private final long[] edges;

  private final int[] children;
  private final int shift;

  /** Where to go on from each node whose children do not fit: the longest other suffix. */
  private final int[] fallback;

  /** The longest token whose reversed text is a suffix of the way to each node. */
  private final @Nullable AddedToken[] tokens;

  /** The same without the {@link AddedToken#guarded guarded} tokens. */
  private final @Nullable AddedToken[] unguarded;

  /** The children of the root by ASCII character, since every character of a text is looked up. */
  private final int[] first = new int[128];

  private final boolean firstBeyondAscii;

  /** A trie of the patterns of these tokens, not empty and all different. */
  AddedTokenTrie(List<AddedToken> added) {
    int characters = 0;
    for (AddedToken token : added) {
      characters += token.pattern().length();
    }
    int bits = Hashing.tableBits(characters);
    edges = new long[1 << bits];
    Arrays.fill(edges, NONE);
    children = new int[1 << bits];
    shift = 32 - bits;
    tokens = new AddedToken[characters + 1];
    unguarded = new AddedToken[characters + 1];
    fallback = new int[characters + 1];
    long[] order = new long[characters];
    int[] incoming = new int[characters + 1];
    Arrays.fill(first, ROOT);
    boolean beyondAscii = false;
    int nodes = 1;
    for (AddedToken token : added) {
      String pattern = token.pattern();
      int node = ROOT;
      for (int j = pattern.length() - 1; j >= 0; j--) {
        char character = pattern.charAt(j);
        int slot = slot(node, character);
        if (edges[slot] == NONE) {
          edges[slot] = key(node, character);
          children[slot] = nodes;
          order[nodes - 1] = ((long) (pattern.length() - j) << 32) | nodes;
          incoming[nodes] = slot;
          nodes++;
        }
        node = children[slot];
        if (j == pattern.length() - 1 && character < 128) {
          first[character] = node;
        }
      }
      beyondAscii |= pattern.charAt(pattern.length() - 1) >= 128;
      tokens[node] = token;
      unguarded[node] = token.guarded() ? null : token;
    }
    firstBeyondAscii = beyondAscii;
    linkFallbacks(Arrays.copyOf(order, nodes - 1), incoming);
  }

  /**
   * Sets the fallbacks, those of short ways first.
   *
   * @param order the nodes but the root, below the length of their ways
   * @param incoming the slot of the edge to each node
   */
  private void linkFallbacks(long[] order, int[] incoming) {
    Arrays.sort(order);
    for (long entry : order) {
      int node = (int) entry;
      long edge = edges[incoming[node]];
      int parent = (int) (edge >> 16);
      if (parent != ROOT) {
        fallback[node] = goOn(fallback[parent], (char) edge);
      }
      if (tokens[node] == null) {
        tokens[node] = tokens[fallback[node]];
      }
      if (unguarded[node] == null) {
        unguarded[node] = unguarded[fallback[node]];
      }
    }
  }

  /** The node of the longest way that is a suffix of the way to a node and a character. */
  private int goOn(int node, char character) {
    int from = node;
    while (from != ROOT) {
      int child = child(from, character);
      if (child != NONE) {
        return child;
      }
      from = fallback[from];
    }
    return fromRoot(character);
  }

  private int fromRoot(char character) {
    if (character < 128) {
      return first[character];
    }
    int child = firstBeyondAscii ? child(ROOT, character) : NONE;
    return child == NONE ? ROOT : child;
  }

  /**
   * Looks for tokens in {@code text[from..to)}, which is well-formed UTF-16.
   *
   * @param foreign the characters of the text in which no {@link AddedToken#guarded guarded} token
   *     is found
   */
  Scan scan(char[] text, int from, int to, BitSet foreign) {
    return new Scan(text, from, to, foreign);
  }

  private int child(int node, char character) {
    int slot = slot(node, character);
    return edges[slot] == NONE ? NONE : children[slot];
  }

  private int slot(int node, char character) {
    long key = key(node, character);
    int slot = Hashing.of(key) >>> shift;
    while (edges[slot] != key && edges[slot] != NONE) {
      slot = (slot + 1) & (edges.length - 1);
    }
    return slot;
  }

  private static long key(int node, char character) {
    return ((long) node << 16) | character;
  }

  /**
   * The tokens in one text, from left to right, the longest where several begin, no two
   * overlapping. As in the Hugging Face library a token that fails to be a single word hides others
   * in its place, and white space swallowed by one token can still be part of the next.
   */
  final class Scan {
    private final char[] text;
    private final int from;
    private final int to;
    private final BitSet foreign;

    /** The places where tokens begin, the last one first, and the longest at each. */
    private int[] places = new int[16];

    private @Nullable AddedToken[] found = new AddedToken[16];
    private int foundCount;

    /** Where the last pattern taken begins and ends; the next one does not begin before its end. */
    private int patternStart;

    private int position;

    /** The end of the run of white space last swallowed to the right. */
    private int whiteSpaceEnd;

    private int start;
    private int end;

    private Scan(char[] text, int from, int to, BitSet foreign) {
      this.text = text;
      this.from = from;
      this.to = to;
      this.foreign = foreign;
      position = from;
      start = from;
      end = from;
      if (tokens.length > 1) {
        findAll();
      }
    }

    private void findAll() {
      int node = ROOT;
      int own = ROOT; // where one would be if the text ended at the next foreign character
      for (int i = to - 1; i >= from; i--) {
        int before = node;
        node = step(node, text[i]);
        if (foreign.get(i)) {
          own = ROOT;
        } else {
          own = own == before ? node : step(own, text[i]);
        }
        AddedToken token = node == ROOT ? null : longest(node, own);
        if (token != null) {
          if (foundCount == places.length) {
            places = Arrays.copyOf(places, 2 * foundCount);
            found = Arrays.copyOf(found, 2 * foundCount);
          }
          places[foundCount] = i;
          found[foundCount++] = token;
        }
      }
    }

    private int step(int node, char character) {
      return node == ROOT ? fromRoot(character) : goOn(node, character);
    }

    /** The longest token that may be found here, or null: any of one's own, or an unguarded one. */
    private @Nullable AddedToken longest(int node, int own) {
      AddedToken mine = tokens[own];
      AddedToken any = unguarded[node];
      if (mine == null || any == null) {
        return mine == null ? any : mine;
      }
      return mine.pattern().length() < any.pattern().length() ? any : mine;
    }

    /** Goes on to the next token and returns it, or null if there is none. */
    @Nullable AddedToken next() {
      AddedToken token = findPattern();
      while (token != null && !take(token)) {
        token = findPattern();
      }
      return token;
    }

    /** Sets start and end; false if the token does not count or all of it was swallowed before. */
    private boolean take(AddedToken token) {
      if (token.singleWord() && touchesWord()) {
        return false;
      }
      start = token.stripLeft() ? beforeWhiteSpace() : patternStart;
      end = token.stripRight() ? afterWhiteSpace() : position;
      return start < end;
    }

    /** Where the last token begins, with the white space it swallows. */
    int start() {
      return start;
    }

    /** Where the last token ends, with the white space it swallows; first the text's beginning. */
    int end() {
      return end;
    }

    private @Nullable AddedToken findPattern() {
      while (foundCount > 0) {
        foundCount--;
        AddedToken token = found[foundCount];
        if (token != null && places[foundCount] >= position) {
          patternStart = places[foundCount];
          position = patternStart + token.pattern().length();
          return token;
        }
      }
      return null;
    }

    private boolean touchesWord() {
      boolean before =
          patternStart > from
              && CharacterClass.isWord(Character.codePointBefore(text, patternStart, from));
      return before
          || (position < to && CharacterClass.isWord(Character.codePointAt(text, position, to)));
    }

    private int beforeWhiteSpace() {
      int i = patternStart;
      while (i > end && isWhiteSpace(text[i - 1])) {
        i--;
      }
      return Math.max(i, end);
    }

    private int afterWhiteSpace() {
      if (position >= whiteSpaceEnd) {
        whiteSpaceEnd = position;
        while (whiteSpaceEnd < to && isWhiteSpace(text[whiteSpaceEnd])) {
          whiteSpaceEnd++;
        }
      }
      return whiteSpaceEnd;
    }

    private static boolean isWhiteSpace(char character) {
      return CharacterClass.of(character) == CharacterClass.SPACE;
    }
  }
}
