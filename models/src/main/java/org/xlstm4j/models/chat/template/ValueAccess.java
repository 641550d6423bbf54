package org.xlstm4j.models.chat.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.chat.template.TemplateValue.Attributed;
import org.xlstm4j.models.chat.template.TemplateValue.Fields;
import org.xlstm4j.models.chat.template.TemplateValue.Items;
import org.xlstm4j.models.chat.template.TemplateValue.Namespace;
import org.xlstm4j.models.chat.template.TemplateValue.Text;
import org.xlstm4j.models.chat.template.TemplateValue.Truth;
import org.xlstm4j.models.chat.template.TemplateValue.Undefined;
import org.xlstm4j.models.chat.template.TemplateValue.Whole;

/** What is in a value: attributes, elements, slices. */
final class ValueAccess {
  private ValueAccess() {}

  /** {@code value.name}: a method before an element. */
  static TemplateValue attribute(TemplateValue value, String name, RenderBudget budget) {
    TemplateValue method = ofItsOwn(value, name, budget);
    if (method != null) {
      return method;
    }
    TemplateValue element =
        value instanceof Fields fields ? fields.values().get(TemplateValue.of(name)) : null;
    return element != null ? element : new Undefined(name);
  }

  /** {@code value[key]}: an element before a method. */
  static TemplateValue element(TemplateValue value, TemplateValue key, RenderBudget budget) {
    TemplateValue element =
        switch (value) {
          case Fields fields -> fields.values().get(ValueOperations.key(key, budget));
          case Items items when isIndex(key) -> element(items, ValueOperations.integer(key));
          case Text text when isIndex(key) ->
              character(text.text(), ValueOperations.integer(key), budget);
          default -> null;
        };
    if (element == null && key instanceof Text name) {
      element = ofItsOwn(value, name.text().text(), budget);
    }
    return element != null
        ? element
        : new Undefined(key instanceof Text name ? name.text().text() : "an element");
  }

  private static boolean isIndex(TemplateValue key) {
    return key instanceof Whole || key instanceof Truth;
  }

  /** A method, or an attribute that is no element. */
  private static @Nullable TemplateValue ofItsOwn(
      TemplateValue value, String name, RenderBudget budget) {
    return switch (value) {
      case Text text -> TextMethods.find(text.text(), name, budget);
      case Fields fields -> FieldMethods.find(fields, name, budget);
      case Attributed object -> object.attribute(name);
      case Namespace namespace -> namespace.attributes().get(name);
      case Undefined undefined ->
          throw new TemplateException("'" + undefined.name() + "' is undefined", 0);
      case Items _ when name.equals("append") || name.equals("extend") || name.equals("insert") ->
          throw new TemplateException("lists cannot be changed; add them instead", 0);
      default -> null;
    };
  }

  private static @Nullable TemplateValue element(Items items, int index) {
    int size = items.values().size();
    int at = index < 0 ? index + size : index;
    return at >= 0 && at < size ? items.values().get(at) : null;
  }

  private static @Nullable TemplateValue character(
      MarkedText text, int index, RenderBudget budget) {
    budget.take(text.length());
    int count = text.text().codePointCount(0, text.length());
    int at = index < 0 ? index + count : index;
    if (at < 0 || at >= count) {
      return null;
    }
    int start = text.text().offsetByCodePoints(0, at);
    return TemplateValue.of(text.substring(start, text.text().offsetByCodePoints(start, 1)));
  }

  /** {@code value[from:to:by]}. */
  static TemplateValue slice(
      TemplateValue value,
      @Nullable Integer from,
      @Nullable Integer to,
      @Nullable Integer by,
      RenderBudget budget) {
    if (!(value instanceof Text || value instanceof Items)) {
      throw new TemplateException(ValueOperations.kind(value) + " has no slices", 0);
    }
    if (value instanceof Text text && (by == null || by == 1)) {
      return TemplateValue.of(part(text.text(), from, to, budget));
    }
    List<TemplateValue> elements = ValueOperations.elements(value, budget);
    List<TemplateValue> chosen = chosen(elements, from, to, by == null ? 1 : by);
    if (value instanceof Items items) {
      return items.tuple() ? TemplateValue.tuple(chosen) : TemplateValue.list(chosen);
    }
    return TemplateValue.of(TextMethods.join(chosen, MarkedText.EMPTY, budget));
  }

  /** A text's characters from one to another. */
  private static MarkedText part(
      MarkedText text, @Nullable Integer from, @Nullable Integer to, RenderBudget budget) {
    budget.take(2L * text.length());
    String all = text.text();
    int count = all.codePointCount(0, all.length());
    int first = (int) bound(from, 0, count, 0, count);
    int last = Math.max((int) bound(to, count, count, 0, count), first);
    int start = all.offsetByCodePoints(0, first);
    return text.substring(start, all.offsetByCodePoints(start, last - first));
  }

  private static List<TemplateValue> chosen(
      List<TemplateValue> elements, @Nullable Integer from, @Nullable Integer to, int by) {
    if (by == 0) {
      throw new TemplateException("a slice by steps of 0", 0);
    }
    int size = elements.size();
    int lowest = by > 0 ? 0 : -1;
    int highest = by > 0 ? size : size - 1;
    long start = bound(from, by > 0 ? lowest : highest, size, lowest, highest);
    long end = bound(to, by > 0 ? highest : lowest, size, lowest, highest);
    List<TemplateValue> chosen = new ArrayList<>();
    for (long i = start; by > 0 ? i < end : i > end; i += by) {
      chosen.add(elements.get((int) i));
    }
    return chosen;
  }

  private static long bound(
      @Nullable Integer index, int otherwise, int size, int lowest, int highest) {
    if (index == null) {
      return otherwise;
    }
    long at = index < 0 ? (long) index + size : index;
    return Math.clamp(at, lowest, highest);
  }
}
