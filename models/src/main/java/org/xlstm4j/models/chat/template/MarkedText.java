package org.xlstm4j.models.chat.template;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.UnaryOperator;

/**
 * A text that knows which of its characters somebody else wrote, whatever is done to it: those that
 * came out of a message are foreign, those of the template are not. Immutable; two texts are equal
 * if their characters are.
 */
public final class MarkedText implements Comparable<MarkedText> {
  static final MarkedText EMPTY = of("");

  /** Longest text that is looked for at every place. */
  private static final int SHORT = 32;

  private final String text;

  /** Where own and foreign parts take turns: own from 0 to the first, foreign to the second... */
  private final int[] edges;

  private MarkedText(String text, int[] edges) {
    this.text = text;
    this.edges = edges;
  }

  /** A text of the template's. */
  public static MarkedText of(String text) {
    return new MarkedText(text, new int[0]);
  }

  /** A text that somebody else wrote. */
  public static MarkedText foreign(String text) {
    return new MarkedText(text, new int[] {0});
  }

  /** The characters. */
  public String text() {
    return text;
  }

  /** The indexes of the characters that somebody else wrote. */
  public BitSet foreignCharacters() {
    BitSet foreign = new BitSet(text.length());
    for (int i = 0; i < edges.length; i += 2) {
      foreign.set(edges[i], i + 1 < edges.length ? edges[i + 1] : text.length());
    }
    return foreign;
  }

  /** The number of {@code char}s. */
  public int length() {
    return text.length();
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  /** The part from one index to another, of {@code char}s. */
  MarkedText substring(int from, int to) {
    if (from == 0 && to == text.length()) {
      return this;
    }
    return new Builder().append(this, from, to).build();
  }

  /** The part from an index on. */
  public MarkedText substring(int from) {
    return substring(from, text.length());
  }

  /** This text and another one behind it. */
  public MarkedText followedBy(MarkedText other) {
    return new Builder().append(this).append(other).build();
  }

  /** Whether this text begins with another one that is marked alike. */
  public boolean startsWith(MarkedText other) {
    return text.startsWith(other.text)
        && foreignCharacters().get(0, other.length()).equals(other.foreignCharacters());
  }

  /**
   * Where another text is in this one, from a place on, or -1; in time that grows with the sum of
   * their lengths, not with their product.
   */
  int indexOf(String part, int from) {
    if (part.length() > text.length() - from) {
      return -1;
    }
    return part.length() <= SHORT
        ? text.indexOf(part, from)
        : new TextSearch(part).indexIn(text, from);
  }

  /** Each part that one side wrote, changed by itself. */
  MarkedText map(UnaryOperator<String> change) {
    Builder builder = new Builder();
    int parts = partCount();
    for (int i = 0; i < parts; i++) {
      builder.append(change.apply(text.substring(partStart(i), partEnd(i))), isForeign(i));
    }
    return builder.build();
  }

  private int partCount() {
    return edges.length + 1;
  }

  private int partStart(int part) {
    return part == 0 ? 0 : edges[part - 1];
  }

  private int partEnd(int part) {
    return part < edges.length ? edges[part] : text.length();
  }

  private static boolean isForeign(int part) {
    return part % 2 == 1;
  }

  @Override
  public int compareTo(MarkedText other) {
    int next;
    for (int at = 0; at < Math.min(text.length(), other.text.length()); at = next) {
      int own = text.codePointAt(at);
      int others = other.text.codePointAt(at);
      if (own != others) {
        return Integer.compare(own, others);
      }
      next = at + Character.charCount(own);
    }
    return Integer.compare(text.length(), other.text.length());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MarkedText marked && marked.text.equals(text);
  }

  @Override
  public int hashCode() {
    return KeyHash.of(text);
  }

  @Override
  public String toString() {
    return text;
  }

  /** Puts texts together. */
  static final class Builder {
    private final StringBuilder characters = new StringBuilder();
    private int[] edges = new int[4];
    private int edgeCount;

    Builder append(String part) {
      return append(part, false);
    }

    Builder append(String part, boolean foreign) {
      if (!part.isEmpty()) {
        if (foreign != isForeign(edgeCount)) {
          if (edgeCount == edges.length) {
            edges = Arrays.copyOf(edges, 2 * edgeCount);
          }
          edges[edgeCount++] = characters.length();
        }
        characters.append(part);
      }
      return this;
    }

    Builder append(MarkedText part) {
      return append(part, 0, part.length());
    }

    Builder append(MarkedText part, int from, int to) {
      int at = Arrays.binarySearch(part.edges, from);
      for (int i = at >= 0 ? at + 1 : -at - 1; i < part.partCount(); i++) {
        int start = Math.max(part.partStart(i), from);
        if (start >= to) {
          break;
        }
        append(part.text.substring(start, Math.min(part.partEnd(i), to)), isForeign(i));
      }
      return this;
    }

    MarkedText build() {
      return new MarkedText(characters.toString(), Arrays.copyOf(edges, edgeCount));
    }
  }
}
