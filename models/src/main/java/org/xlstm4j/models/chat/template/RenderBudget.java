package org.xlstm4j.models.chat.template;

/**
 * What a rendering may use: steps, and the memory of what it makes counted in steps, and nesting.
 * Not thread-safe.
 */
final class RenderBudget {
  /** Steps of a rendering without messages. */
  private static final long STEPS = 2_000_000;

  /** Steps for each character of the messages: how often a template may go over them. */
  private static final long STEPS_PER_CHARACTER = 50;

  /** Steps for each value that is made, which takes some 100 bytes. */
  private static final long STEPS_PER_VALUE = 16;

  /** Deepest nesting of expressions, statements and calls. */
  private static final int DEEPEST = 200;

  private long left;
  private int depth;

  RenderBudget(long characters) {
    left = STEPS + STEPS_PER_CHARACTER * characters;
  }

  /** Takes steps, or as many characters or elements that are made or looked at. */
  void take(long steps) {
    left -= steps;
    if (left < 0) {
      throw new TemplateException("the template does too much", 0);
    }
  }

  /** Takes the steps of values that are made: elements, entries, parts of a text. */
  void make(long values) {
    take(STEPS_PER_VALUE * Math.min(values, Long.MAX_VALUE / STEPS_PER_VALUE));
  }

  /** One level deeper; to be followed by {@link #leave}. */
  void enter() {
    take(1);
    if (++depth > DEEPEST) {
      throw new TemplateException("the template is nested too deep", 0);
    }
  }

  /** One level up. */
  void leave() {
    depth--;
  }
}
