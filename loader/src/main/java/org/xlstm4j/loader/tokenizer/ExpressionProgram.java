package org.xlstm4j.loader.tokenizer;

import java.io.IOException;
import java.util.Arrays;
import org.xlstm4j.loader.json.JsonCursor;

/**
 * A regular expression as steps, each with the step after it; immutable once compiled. Step {@link
 * #MATCH} is the end.
 */
final class ExpressionProgram {
  /** Takes one character of a set. */
  static final byte TAKE = 0;

  /** Goes on if the next character is of a set. */
  static final byte AHEAD = 1;

  /** Goes on if the next character is not of a set. */
  static final byte NOT_AHEAD = 2;

  /** Goes on in two ways, the second where the first does not lead to a match. */
  static final byte FORK = 3;

  /** The step that is the match. */
  static final int MATCH = -1;

  /** Most steps: published patterns have about 100. */
  private static final int MOST_STEPS = 1024;

  /** Most forks: they bound a match's working space, a bit for each and every character. */
  private static final int MOST_FORKS = 128;

  /** Most forks within an endless repetition: each may leave a way open at every character. */
  private static final int MOST_FORKS_REPEATED = 1;

  private final JsonCursor json;
  private byte[] kinds = new byte[64];
  private int[] next = new int[64];

  /** Of a fork the second way; of the others the number of their set. */
  private int[] other = new int[64];

  /** The numbers of the forks. */
  private int[] forks = new int[64];

  private CharacterSet[] sets = new CharacterSet[16];
  private boolean[][] ascii = new boolean[16][];
  private int steps;
  private int forkCount;
  private int setCount;
  private final int start;

  /**
   * Compiles an expression.
   *
   * @param json the cursor that refuses one that is too large
   */
  ExpressionProgram(Expression expression, JsonCursor json) throws IOException {
    this.json = json;
    start = compile(expression, MATCH);
  }

  /** The first step. */
  int start() {
    return start;
  }

  byte kind(int step) {
    return kinds[step];
  }

  int next(int step) {
    return next[step];
  }

  /** The second way of a fork. */
  int second(int step) {
    return other[step];
  }

  /** The number of a fork. */
  int fork(int step) {
    return forks[step];
  }

  int forkCount() {
    return forkCount;
  }

  /** Whether the set of a step has a code point. */
  boolean contains(int step, int codePoint) {
    int set = other[step];
    return codePoint < 128 ? ascii[set][codePoint] : sets[set].contains(codePoint);
  }

  /** Adds the steps of an expression, after which goes {@code after}; returns the first of them. */
  private int compile(Expression expression, int after) throws IOException {
    return switch (expression) {
      case Expression.One(CharacterSet set) -> step(TAKE, after, number(set));
      case Expression.Ahead(CharacterSet set, boolean wanted) ->
          step(wanted ? AHEAD : NOT_AHEAD, after, number(set));
      case Expression.Sequence sequence -> {
        int first = after;
        for (Expression part : sequence.parts().reversed()) {
          first = compile(part, first);
        }
        yield first;
      }
      case Expression.Choice choice -> {
        int first = compile(choice.options().getLast(), after);
        for (int i = choice.options().size() - 2; i >= 0; i--) {
          first = fork(compile(choice.options().get(i), after), first);
        }
        yield first;
      }
      case Expression.Repetition repetition -> compile(repetition, after);
    };
  }

  private int compile(Expression.Repetition repetition, int after) throws IOException {
    Expression part = repetition.part();
    int first = after;
    if (repetition.most() == Expression.Repetition.UNLIMITED) {
      first = fork(MATCH, after);
      int forksOutside = forkCount;
      next[first] = compile(part, first);
      if (forkCount > forksOutside + MOST_FORKS_REPEATED) {
        throw json.refuse(
            "a pattern whose repeated groups hold one choice or repetition at most",
            forkCount - forksOutside + " of them");
      }
    } else {
      for (int i = repetition.least(); i < repetition.most(); i++) {
        first = fork(compile(part, first), after);
      }
    }
    for (int i = 0; i < repetition.least(); i++) {
      first = compile(part, first);
    }
    return first;
  }

  private int fork(int first, int second) throws IOException {
    int step = step(FORK, first, second);
    if (forkCount == MOST_FORKS) {
      throw json.refuse("a pattern of at most " + MOST_FORKS + " choices", "more");
    }
    forks[step] = forkCount++;
    return step;
  }

  private int step(byte kind, int after, int argument) throws IOException {
    if (steps == MOST_STEPS) {
      throw json.refuse("a pattern of at most " + MOST_STEPS + " steps", "more");
    }
    if (steps == kinds.length) {
      kinds = Arrays.copyOf(kinds, 2 * steps);
      next = Arrays.copyOf(next, 2 * steps);
      other = Arrays.copyOf(other, 2 * steps);
      forks = Arrays.copyOf(forks, 2 * steps);
    }
    kinds[steps] = kind;
    next[steps] = after;
    other[steps] = argument;
    return steps++;
  }

  private int number(CharacterSet set) {
    for (int i = 0; i < setCount; i++) {
      if (sets[i].equals(set)) {
        return i;
      }
    }
    if (setCount == sets.length) {
      sets = Arrays.copyOf(sets, 2 * setCount);
      ascii = Arrays.copyOf(ascii, 2 * setCount);
    }
    boolean[] table = new boolean[128];
    for (int c = 0; c < table.length; c++) {
      table[c] = set.contains(c);
    }
    sets[setCount] = set;
    ascii[setCount] = table;
    return setCount++;
  }
}
