package org.xlstm4j.loader.tokenizer;

import java.util.Arrays;

/**
 * Finds the matches of a regular expression in a text, from left to right, as a backtracking
 * matcher does. What failed at a fork and a place would fail there again, whatever came before; it
 * is remembered and not tried twice. So the time is linear in the text for every expression.
 *
 * <p>Has working space; not thread-safe.
 */
final class ExpressionMatcher {
  private static final int NONE = -1;

  private final ExpressionProgram program;
  private char[] text = {};
  private int from;
  private int to;
  private int start;
  private int end;

  /** A bit for each place and fork that was tried. No match begins before its last one's end. */
  private long[] tried = {};

  /** Second ways that are still to be tried: the step in the upper half, the place below. */
  private long[] open = new long[64];

  private int openCount;

  ExpressionMatcher(ExpressionProgram program) {
    this.program = program;
  }

  /** Begins with a text, well-formed UTF-16 between {@code from} and {@code to}. */
  void reset(char[] newText, int newFrom, int newTo) {
    text = newText;
    from = newFrom;
    to = newTo;
    start = newFrom;
    end = newFrom;
    long bits = (long) (newTo - newFrom + 1) * program.forkCount();
    int words = Math.toIntExact((bits + 63) >> 6);
    if (words > tried.length) {
      tried = new long[words];
    } else {
      Arrays.fill(tried, 0, words, 0);
    }
  }

  /** Goes to the next match; false if there is none. */
  boolean next() {
    int place = end;
    while (place < to) {
      int after = endFrom(place);
      if (after != NONE) {
        start = place;
        end = after;
        return true;
      }
      place += Character.charCount(Character.codePointAt(text, place, to));
    }
    return false;
  }

  /** Where the match begins. */
  int start() {
    return start;
  }

  /** Where it ends. */
  int end() {
    return end;
  }

  /** The end of the match that begins at a place, or {@link #NONE}. */
  private int endFrom(int begin) {
    openCount = 0;
    int place = begin;
    int step = program.start();
    while (step != ExpressionProgram.MATCH) {
      boolean goesOn =
          switch (program.kind(step)) {
            case ExpressionProgram.FORK -> isNew(step, place);
            case ExpressionProgram.NOT_AHEAD -> !isNext(step, place);
            default -> isNext(step, place);
          };
      if (goesOn) {
        if (program.kind(step) == ExpressionProgram.FORK) {
          remember(program.second(step), place);
        } else if (program.kind(step) == ExpressionProgram.TAKE) {
          place += Character.charCount(Character.codePointAt(text, place, to));
        }
        step = program.next(step);
      } else if (openCount == 0) {
        return NONE;
      } else {
        long way = open[--openCount];
        step = (int) (way >> 32);
        place = (int) way;
      }
    }
    return place;
  }

  /** Whether the character at a place is of a step's set. */
  private boolean isNext(int step, int place) {
    return place < to && program.contains(step, Character.codePointAt(text, place, to));
  }

  /** Whether a fork is at a place for the first time. */
  private boolean isNew(int step, int place) {
    long bit = (long) (place - from) * program.forkCount() + program.fork(step);
    int word = (int) (bit >> 6);
    boolean isNew = (tried[word] & (1L << bit)) == 0;
    tried[word] |= 1L << bit;
    return isNew;
  }

  private void remember(int step, int place) {
    if (openCount == open.length) {
      open = Arrays.copyOf(open, 2 * openCount);
    }
    open[openCount++] = ((long) step << 32) | place;
  }
}
