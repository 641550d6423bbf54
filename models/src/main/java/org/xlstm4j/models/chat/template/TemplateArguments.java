package org.xlstm4j.models.chat.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a call, a filter or a test.
 *
 * @param positional those without a name
 * @param named those with a name
 */
record TemplateArguments(List<TemplateValue> positional, Map<String, TemplateValue> named) {
  static final TemplateArguments NONE = new TemplateArguments(List.of(), Map.of());

  /** The argument at a position or of a name, or null. */
  @Nullable TemplateValue find(int position, String name) {
    return position < positional.size() ? positional.get(position) : named.get(name);
  }

  /** The argument at a position or of a name. */
  TemplateValue get(int position, String name) {
    TemplateValue value = find(position, name);
    if (value == null) {
      throw new TemplateException("the argument " + name + " is missing", 0);
    }
    return value;
  }

  /** The argument at a position or of a name, or another value. */
  TemplateValue getOr(int position, String name, TemplateValue otherwise) {
    TemplateValue value = find(position, name);
    return value == null ? otherwise : value;
  }

  /** The whole number at a position or of a name, or another one. */
  int integerOr(int position, String name, int otherwise) {
    TemplateValue value = getOr(position, name, TemplateValue.NONE);
    return value instanceof TemplateValue.None ? otherwise : ValueOperations.integer(value);
  }

  /** The text at a position or of a name, or null. */
  @Nullable MarkedText findText(int position, String name) {
    TemplateValue value = getOr(position, name, TemplateValue.NONE);
    return value instanceof TemplateValue.None ? null : ValueOperations.text(value);
  }

  /** Whether the argument at a position or of a name is there and true. */
  boolean isTrue(int position, String name) {
    return ValueOperations.isTrue(getOr(position, name, TemplateValue.FALSE));
  }

  /** These without the first ones. */
  TemplateArguments from(int position) {
    return new TemplateArguments(
        positional.subList(Math.min(position, positional.size()), positional.size()), named);
  }
}
