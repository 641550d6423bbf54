package org.xlstm4j.loader.tokenizer;

/** The pieces that a {@link Split} makes of a text, one by one. Not thread-safe. */
final class Pieces {
  private final Split split;
  private final ExpressionMatcher matcher;
  private int to;

  /** The piece. */
  private int start;

  private int end;

  /** The next match, or what is before it; behind the last match an empty one at the end. */
  private int partStart;

  private int partEnd;
  private boolean partMatches;
  private boolean matchFollows;

  Pieces(Split split) {
    this.split = split;
    matcher = new ExpressionMatcher(split.pattern());
  }

  /** Begins with a text, well-formed UTF-16. */
  void reset(char[] text, int from, int newTo) {
    matcher.reset(text, from, newTo);
    to = newTo;
    partEnd = from;
    matchFollows = false;
    nextPart();
  }

  /** Goes to the next piece; false if there is none. */
  boolean next() {
    while (partStart < to) {
      start = partStart;
      boolean matches = partMatches;
      end = partEnd;
      nextPart();
      while (partStart < to && split.behavior().joins(matches, partMatches)) {
        matches = partMatches;
        end = partEnd;
        nextPart();
      }
      if (!matches || split.behavior() != Split.Behavior.REMOVED) {
        return true;
      }
    }
    return false;
  }

  /** Where the piece begins. */
  int start() {
    return start;
  }

  /** Where it ends. */
  int end() {
    return end;
  }

  private void nextPart() {
    partStart = partEnd;
    boolean found = matchFollows || matcher.next();
    matchFollows = found && matcher.start() > partStart;
    partMatches = (found && !matchFollows) != split.inverted();
    partEnd = !found ? to : matchFollows ? matcher.start() : matcher.end();
  }
}
