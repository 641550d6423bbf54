package org.xlstm4j.loader.tokenizer;

import java.lang.Character.UnicodeScript;
import java.util.List;

/** A set of characters, of which a pattern takes one; immutable. */
sealed interface CharacterSet {
  /** Whether a code point is in it. */
  boolean contains(int codePoint);

  /** The code points from {@code first} to {@code last}. */
  record Range(int first, int last) implements CharacterSet {
    @Override
    public boolean contains(int codePoint) {
      return codePoint >= first && codePoint <= last;
    }
  }

  /** General categories: bit n stands for those of {@link Character#getType} n. */
  record Categories(int mask) implements CharacterSet {
    @Override
    public boolean contains(int codePoint) {
      return ((1 << Character.getType(codePoint)) & mask) != 0;
    }
  }

  /** The characters of a script. */
  record Script(UnicodeScript script) implements CharacterSet {
    @Override
    public boolean contains(int codePoint) {
      return UnicodeScript.of(codePoint) == script;
    }
  }

  /** The property White_Space. */
  record WhiteSpace() implements CharacterSet {
    @Override
    public boolean contains(int codePoint) {
      return CharacterClass.of(codePoint) == CharacterClass.SPACE;
    }
  }

  /** What is in any of several sets. */
  record Union(List<CharacterSet> parts) implements CharacterSet {
    public Union {
      parts = List.copyOf(parts);
    }

    @Override
    public boolean contains(int codePoint) {
      for (CharacterSet part : parts) {
        if (part.contains(codePoint)) {
          return true;
        }
      }
      return false;
    }
  }

  /** What is not in a set. */
  record Complement(CharacterSet set) implements CharacterSet {
    @Override
    public boolean contains(int codePoint) {
      return !set.contains(codePoint);
    }
  }
}
