package org.xlstm4j.models.chat.template;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** A value of the template language. All but {@link Namespace} are immutable. */
public sealed interface TemplateValue {
  /** The value {@code none}. */
  TemplateValue NONE = new None();

  /** The value {@code true}. */
  TemplateValue TRUE = new Truth(true);

  /** The value {@code false}. */
  TemplateValue FALSE = new Truth(false);

  /** Deepest nesting of lists and dictionaries. */
  int DEEPEST = 50;

  /** Something that has attributes of its own, such as {@code loop}. */
  non-sealed interface Attributed extends TemplateValue {
    /** The attribute of a name, or {@link Undefined}. */
    TemplateValue attribute(String name);
  }

  /** Something to be called. */
  non-sealed interface Callable extends TemplateValue {
    /** Calls it. */
    TemplateValue call(TemplateArguments arguments);
  }

  /**
   * A text.
   *
   * @param text with what somebody else wrote marked
   */
  record Text(MarkedText text) implements TemplateValue {}

  /**
   * What is not there; it prints as nothing and is false.
   *
   * @param name of what was looked for
   */
  record Undefined(String name) implements TemplateValue {
    @Override
    public int hashCode() {
      return KeyHash.of(name);
    }
  }

  /** The value {@code none}. */
  record None() implements TemplateValue {}

  /**
   * A truth.
   *
   * @param value true or false
   */
  record Truth(boolean value) implements TemplateValue {}

  /**
   * A whole number.
   *
   * @param value any
   */
  record Whole(long value) implements TemplateValue {
    @Override
    public int hashCode() {
      return KeyHash.of(value);
    }
  }

  /**
   * Any other number.
   *
   * @param value any
   */
  record Real(double value) implements TemplateValue {
    @Override
    public int hashCode() {
      return KeyHash.of(Double.doubleToLongBits(value));
    }
  }

  /**
   * A list or a tuple.
   *
   * @param values the elements
   * @param tuple whether it prints as a tuple
   * @param depth of its nesting
   */
  record Items(List<TemplateValue> values, boolean tuple, int depth) implements TemplateValue {}

  /**
   * A dictionary in the order of its keys.
   *
   * @param values by key, which is a text, a number, a truth or none
   * @param depth of its nesting
   */
  record Fields(SequencedMap<TemplateValue, TemplateValue> values, int depth)
      implements TemplateValue {}

  /**
   * A namespace, whose attributes can be set.
   *
   * @param attributes by name
   */
  record Namespace(Map<String, TemplateValue> attributes) implements TemplateValue {
    /** Copies. */
    public Namespace {
      attributes = new HashMap<>(attributes);
    }
  }

  /** A text of the template's own. */
  static TemplateValue of(String text) {
    return new Text(MarkedText.of(text));
  }

  /** A text. */
  static TemplateValue of(MarkedText text) {
    return new Text(text);
  }

  /** A truth. */
  static TemplateValue of(boolean value) {
    return value ? TRUE : FALSE;
  }

  /** A whole number. */
  static TemplateValue of(long value) {
    return new Whole(value);
  }

  /** A list. */
  static Items list(List<? extends TemplateValue> values) {
    return new Items(List.copyOf(values), false, depth(values));
  }

  /** A tuple. */
  static Items tuple(List<? extends TemplateValue> values) {
    return new Items(List.copyOf(values), true, depth(values));
  }

  /** A dictionary. */
  static Fields fields(Map<TemplateValue, TemplateValue> values) {
    return new Fields(
        Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values)), depth(values.values()));
  }

  private static int depth(Collection<? extends TemplateValue> values) {
    int deepest = 0;
    for (TemplateValue value : values) {
      if (value instanceof Items items) {
        deepest = Math.max(deepest, items.depth());
      } else if (value instanceof Fields fields) {
        deepest = Math.max(deepest, fields.depth());
      }
    }
    if (deepest == DEEPEST) {
      throw new TemplateException("a list or dictionary is nested too deep", 0);
    }
    return deepest + 1;
  }
}
