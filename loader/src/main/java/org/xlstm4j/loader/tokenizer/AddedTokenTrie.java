package org.xlstm4j.loader.tokenizer;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The texts of added tokens, to be found in a text; immutable. */
final class AddedTokenTrie {
  private static final int ROOT = 0;
  private static final int NONE = -1;

  /** Edges as an open-addressed hash table: node and character to node. */
  private final long[] edges;

  private final int[] children;
  private final int shift;

  /** The token whose text leads to each node. */
  private final @Nullable AddedToken[] tokens;

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
    Arrays.fill(first, NONE);
    boolean beyondAscii = false;
    int nodes = 1;
    for (AddedToken token : added) {
      String pattern = token.pattern();
      int node = ROOT;
      for (int j = 0; j < pattern.length(); j++) {
        int slot = slot(node, pattern.charAt(j));
        if (edges[slot] == NONE) {
          edges[slot] = key(node, pattern.charAt(j));
          children[slot] = nodes++;
        }
        node = children[slot];
        if (j == 0 && pattern.charAt(0) < 128) {
          first[pattern.charAt(0)] = node;
        }
      }
      beyondAscii |= pattern.charAt(0) >= 128;
      tokens[node] = token;
    }
    firstBeyondAscii = beyondAscii;
  }

  /** Looks for tokens in {@code text[from..to)}, which is well-formed UTF-16. */
  Scan scan(char[] text, int from, int to) {
    return new Scan(text, from, to);
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

    /** Where the last pattern found begins and ends; the search goes on at its end. */
    private int patternStart;

    private int position;

    /** The end of the run of white space last swallowed to the right. */
    private int whiteSpaceEnd;

    private int start;
    private int end;

    private Scan(char[] text, int from, int to) {
      this.text = text;
      this.from = from;
      this.to = to;
      position = tokens.length == 1 ? to : from; // nothing to find without tokens
      start = from;
      end = from;
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
      while (position < to) {
        char character = text[position];
        int node = NONE;
        if (character < 128) {
          node = first[character];
        } else if (firstBeyondAscii) {
          node = child(ROOT, character);
        }
        patternStart = position++;
        AddedToken token = node == NONE ? null : longestFrom(node);
        if (token != null) {
          return token;
        }
      }
      return null;
    }

    /** The longest token from {@code node} at {@code position} on; sets the position to its end. */
    private @Nullable AddedToken longestFrom(int node) {
      AddedToken longest = null;
      int current = node;
      int i = position;
      while (current != NONE) {
        AddedToken token = tokens[current];
        if (token != null) {
          longest = token;
          position = i;
        }
        current = i < to ? child(current, text[i++]) : NONE;
      }
      return longest;
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
