package org.xlstm4j.loader.tokenizer;

/** The ids that a file puts around every text; immutable. */
final class Template {
  /** Nothing around the text. */
  static final Template NONE = new Template(new int[0], new int[0]);

  private final int[] before;
  private final int[] after;

  Template(int[] before, int[] after) {
    this.before = before;
    this.after = after;
  }

  /** The ids before a text; not to be changed. */
  int[] before() {
    return before;
  }

  /** The ids after a text; not to be changed. */
  int[] after() {
    return after;
  }
}
