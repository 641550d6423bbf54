package org.xlstm4j.loader.tokenizer;

import java.util.Arrays;
import java.util.List;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.json.JsonCursor;

/**
 * The tokens by id and the ids by token; immutable.
 *
 * <p>All texts lie in one array and the index is open-addressed, so that a vocabulary of 50 000
 * tokens is a handful of objects.
 */
final class Vocabulary {
  /** What {@link #find} returns for a text that is no token. */
  static final int NONE = -1;

  private final char[] text;

  /** Text of token id: from start[id] to end[id]; end[id] is -1 where the numbering has a gap. */
  private final int[] start;

  private final int[] end;

  /** Token ids by hash of the text; {@link #NONE} in free slots. */
  private final int[] slots;

  private final int shift;

  private Vocabulary(char[] text, int[] start, int[] end, int[] slots) {
    this.text = text;
    this.start = start;
    this.end = end;
    this.slots = slots;
    this.shift = 32 - Integer.numberOfTrailingZeros(slots.length);
  }

  /** One more than the highest id. */
  int size() {
    return start.length;
  }

  /** Whether {@code id} is the id of a token. */
  boolean contains(int id) {
    return id >= 0 && id < end.length && end[id] >= 0;
  }

  /** The text of a token, as written in the file. */
  String piece(int id) {
    return new String(text, start[id], end[id] - start[id]);
  }

  /** The id of the token whose text is {@code characters[from..to)}, or {@link #NONE}. */
  int find(char[] characters, int from, int to) {
    return slots[slot(characters, from, to)];
  }

  /** The slot of this text, or the free slot where it would be put. */
  private int slot(char[] characters, int from, int to) {
    int slot = Hashing.of(characters, from, to) >>> shift;
    while (slots[slot] != NONE && !hasText(slots[slot], characters, from, to)) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  /** A plain loop: tokens are too short for {@link Arrays#equals} to be worth its checks. */
  private boolean hasText(int id, char[] characters, int from, int to) {
    int offset = start[id] - from;
    if (end[id] - offset != to) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (text[offset + i] != characters[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Appends the bytes a token stands for: of the byte alphabet if all its characters are in it, and
   * else its text in UTF-8.
   */
  void appendBytes(int id, ByteSequence out) {
    int from = start[id];
    int to = end[id];
    for (int i = from; i < to; i++) {
      if (ByteAlphabet.value(text[i]) < 0) {
        out.addUtf8(text, from, to);
        return;
      }
    }
    for (int i = from; i < to; i++) {
      out.add((byte) ByteAlphabet.value(text[i]));
    }
  }

  /**
   * This vocabulary with the patterns of added tokens by id. {@link #find} does not see them: byte
   * pair encoding never yields them.
   */
  Vocabulary with(List<AddedToken> added) {
    int size = size();
    int characters = text.length;
    for (AddedToken token : added) {
      size = Math.max(size, token.id() + 1);
      characters += token.pattern().length();
    }
    char[] allText = Arrays.copyOf(text, characters);
    int[] allStart = Arrays.copyOf(start, size);
    int[] allEnd = Arrays.copyOf(end, size);
    Arrays.fill(allEnd, size(), size, -1);
    int position = text.length;
    for (AddedToken token : added) {
      String pattern = token.pattern();
      pattern.getChars(0, pattern.length(), allText, position);
      allStart[token.id()] = position;
      position += pattern.length();
      allEnd[token.id()] = position;
    }
    return new Vocabulary(allText, allStart, allEnd, slots);
  }

  /** Collects tokens in any order. */
  static final class Builder {
    private char[] text = new char[1024];
    private int[] ends = new int[256];
    private int[] ids = new int[256];
    private int characters;
    private int count;
    private int size;

    /** Adds the token {@code source[from..to)}; {@code id} is at least 0. */
    void add(char[] source, int from, int to, int id) {
      int length = to - from;
      if (characters + length > text.length) {
        text = Arrays.copyOf(text, Math.max(characters + length, 2 * text.length));
      }
      if (count == ids.length) {
        ids = Arrays.copyOf(ids, 2 * count);
        ends = Arrays.copyOf(ends, 2 * count);
      }
      System.arraycopy(source, from, text, characters, length);
      characters += length;
      ends[count] = characters;
      ids[count++] = id;
      size = Math.max(size, id + 1);
    }

    /** The number of tokens added. */
    int count() {
      return count;
    }

    /**
     * The vocabulary; no token and no id may be there twice.
     *
     * @param json the cursor that refuses
     */
    Vocabulary build(JsonCursor json) throws ModelFormatException {
      int[] start = new int[size];
      int[] end = new int[size];
      Arrays.fill(end, -1);
      int[] slots = new int[1 << Hashing.tableBits(count)];
      Arrays.fill(slots, NONE);
      Vocabulary vocabulary = new Vocabulary(Arrays.copyOf(text, characters), start, end, slots);
      int from = 0;
      for (int entry = 0; entry < count; entry++) {
        int id = ids[entry];
        if (end[id] >= 0) {
          throw refuse(json, vocabulary.piece(id), id);
        }
        int to = ends[entry];
        int slot = vocabulary.slot(text, from, to);
        if (slots[slot] != NONE) {
          throw refuse(json, vocabulary.piece(slots[slot]), id);
        }
        slots[slot] = id;
        start[id] = from;
        end[id] = to;
        from = to;
      }
      return vocabulary;
    }

    private static ModelFormatException refuse(JsonCursor json, String token, int id) {
      String found = "token \"" + token + "\" or id " + id + " twice";
      return json.refuseAt("/model/vocab", "each token and id once", found);
    }
  }
}
