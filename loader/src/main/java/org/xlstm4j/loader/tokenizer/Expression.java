package org.xlstm4j.loader.tokenizer;

import java.util.List;

/** A regular expression; immutable. Its repetitions are greedy. */
sealed interface Expression {
  /** Whether it matches the empty text. */
  boolean matchesEmpty();

  /** One character of a set. */
  record One(CharacterSet set) implements Expression {
    @Override
    public boolean matchesEmpty() {
      return false;
    }
  }

  /** One after the other. */
  record Sequence(List<Expression> parts) implements Expression {
    public Sequence {
      parts = List.copyOf(parts);
    }

    @Override
    public boolean matchesEmpty() {
      for (Expression part : parts) {
        if (!part.matchesEmpty()) {
          return false;
        }
      }
      return true;
    }
  }

  /** The first of several that lets the whole match. */
  record Choice(List<Expression> options) implements Expression {
    public Choice {
      options = List.copyOf(options);
    }

    @Override
    public boolean matchesEmpty() {
      for (Expression option : options) {
        if (option.matchesEmpty()) {
          return true;
        }
      }
      return false;
    }
  }

  /** The same several times, {@link #UNLIMITED} or at most {@code most}; it is never empty. */
  record Repetition(Expression part, int least, int most) implements Expression {
    static final int UNLIMITED = Integer.MAX_VALUE;

    @Override
    public boolean matchesEmpty() {
      return least == 0;
    }
  }

  /** Nothing, where the next character is of a set, or is not; the text's end is of none. */
  record Ahead(CharacterSet set, boolean wanted) implements Expression {
    @Override
    public boolean matchesEmpty() {
      return true;
    }
  }
}
