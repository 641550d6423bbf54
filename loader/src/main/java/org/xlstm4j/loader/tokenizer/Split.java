package org.xlstm4j.loader.tokenizer;

/**
 * A {@code Split} step: cuts a text at the matches of a pattern. Immutable.
 *
 * @param pattern what is looked for
 * @param behavior what becomes of the matches and of what is between them
 * @param inverted whether both change their roles
 */
record Split(ExpressionProgram pattern, Behavior behavior, boolean inverted) {
  /** What becomes of matches. */
  enum Behavior {
    /** Each is a piece. */
    ISOLATED("Isolated"),
    /** They are left out. */
    REMOVED("Removed"),
    /** Those next to each other are one piece. */
    CONTIGUOUS("Contiguous"),
    /** Each is the end of the piece before it. */
    MERGED_WITH_PREVIOUS("MergedWithPrevious"),
    /** Each is the beginning of the piece after it. */
    MERGED_WITH_NEXT("MergedWithNext");

    private final String label;

    Behavior(String label) {
      this.label = label;
    }

    /** The name in the file. */
    String label() {
      return label;
    }

    /** Whether two neighbors, each a match or not, stay together. */
    boolean joins(boolean first, boolean second) {
      return switch (this) {
        case ISOLATED, REMOVED -> false;
        case CONTIGUOUS -> first == second;
        case MERGED_WITH_PREVIOUS -> !first && second;
        case MERGED_WITH_NEXT -> first && !second;
      };
    }
  }
}
