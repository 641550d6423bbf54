package org.xlstm4j.models.chat.template;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.chat.template.TemplateValue.Text;
import org.xlstm4j.models.chat.template.TemplateValue.Undefined;
import org.xlstm4j.models.chat.template.TemplateValue.Whole;

/** The filters of lists. What gives an iterator in Jinja gives a list. */
final class ListFilters {
  private static final Pattern INDEX = Pattern.compile("[0-9]{1,9}");

  private ListFilters() {}

  /** Adds them by their names. */
  static void addTo(Map<String, TemplateFilters.Filter> filters) {
    filters.put(
        "first",
        (value, _, budget) -> {
          List<TemplateValue> elements = ValueOperations.elements(value, budget);
          return elements.isEmpty() ? new Undefined("the first element") : elements.getFirst();
        });
    filters.put(
        "last",
        (value, _, budget) -> {
          List<TemplateValue> elements = ValueOperations.elements(value, budget);
          return elements.isEmpty() ? new Undefined("the last element") : elements.getLast();
        });
    filters.put(
        "list", (value, _, budget) -> TemplateValue.list(ValueOperations.elements(value, budget)));
    filters.put("reverse", (value, _, budget) -> reverse(value, budget));
    filters.put("join", ListFilters::join);
    filters.put("sort", ListFilters::sort);
    filters.put("unique", (value, _, budget) -> unique(value, budget));
    filters.put("sum", ListFilters::sum);
    filters.put("map", ListFilters::map);
    filters.put("select", (value, with, budget) -> select(value, null, with, true, budget));
    filters.put("reject", (value, with, budget) -> select(value, null, with, false, budget));
    filters.put(
        "selectattr",
        (value, with, budget) ->
            select(value, attribute(with.get(0, "attribute"), budget), with.from(1), true, budget));
    filters.put(
        "rejectattr",
        (value, with, budget) ->
            select(
                value, attribute(with.get(0, "attribute"), budget), with.from(1), false, budget));
  }

  private static TemplateValue reverse(TemplateValue value, RenderBudget budget) {
    List<TemplateValue> reversed = ValueOperations.elements(value, budget).reversed();
    return value instanceof Text
        ? TemplateValue.of(TextMethods.join(reversed, MarkedText.EMPTY, budget))
        : TemplateValue.list(reversed);
  }

  private static TemplateValue join(
      TemplateValue value, TemplateArguments arguments, RenderBudget budget) {
    MarkedText between = ValueWriter.text(arguments.getOr(0, "d", TemplateValue.of("")), budget);
    List<TemplateValue> attribute = attribute(arguments.find(1, "attribute"), budget);
    List<TemplateValue> parts = new ArrayList<>();
    for (TemplateValue element : ValueOperations.elements(value, budget)) {
      parts.add(attributeOf(element, attribute, budget));
    }
    return TemplateValue.of(TextMethods.join(parts, between, budget));
  }

  private static TemplateValue sort(
      TemplateValue value, TemplateArguments arguments, RenderBudget budget) {
    boolean exact = arguments.isTrue(1, "case_sensitive");
    List<TemplateValue> attribute = attribute(arguments.find(2, "attribute"), budget);
    Comparator<TemplateValue> order =
        (a, b) ->
            ValueOperations.compare(
                sortKey(attributeOf(a, attribute, budget), exact, budget),
                sortKey(attributeOf(b, attribute, budget), exact, budget),
                budget);
    List<TemplateValue> sorted = new ArrayList<>(ValueOperations.elements(value, budget));
    sorted.sort(arguments.isTrue(0, "reverse") ? order.reversed() : order);
    return TemplateValue.list(sorted);
  }

  private static TemplateValue sortKey(TemplateValue key, boolean exact, RenderBudget budget) {
    if (exact || !(key instanceof Text text)) {
      return key;
    }
    budget.take(text.text().length());
    return TemplateValue.of(TextMethods.lower(text.text()));
  }

  private static TemplateValue unique(TemplateValue value, RenderBudget budget) {
    List<TemplateValue> kept = new ArrayList<>();
    List<TemplateValue> keys = new ArrayList<>();
    for (TemplateValue element : ValueOperations.elements(value, budget)) {
      TemplateValue key = sortKey(element, false, budget);
      if (!ValueOperations.contains(TemplateValue.list(keys), key, budget)) {
        keys.add(key);
        kept.add(element);
      }
    }
    return TemplateValue.list(kept);
  }

  private static TemplateValue sum(
      TemplateValue value, TemplateArguments arguments, RenderBudget budget) {
    List<TemplateValue> attribute = attribute(arguments.find(0, "attribute"), budget);
    TemplateValue sum = arguments.getOr(1, "start", new Whole(0));
    for (TemplateValue element : ValueOperations.elements(value, budget)) {
      sum =
          Arithmetic.apply(
              TemplateExpression.Operator.PLUS,
              sum,
              attributeOf(element, attribute, budget),
              budget);
    }
    return sum;
  }

  private static TemplateValue map(
      TemplateValue value, TemplateArguments arguments, RenderBudget budget) {
    List<TemplateValue> attribute = attribute(arguments.named().get("attribute"), budget);
    TemplateValue otherwise = arguments.named().get("default");
    List<TemplateValue> mapped = new ArrayList<>();
    for (TemplateValue element : ValueOperations.elements(value, budget)) {
      if (attribute == null) {
        String filter = ValueOperations.text(arguments.get(0, "filter")).text();
        mapped.add(TemplateFilters.apply(filter, element, arguments.from(1), budget));
      } else {
        TemplateValue found = attributeOf(element, attribute, budget);
        mapped.add(found instanceof Undefined && otherwise != null ? otherwise : found);
      }
    }
    return TemplateValue.list(mapped);
  }

  /** The elements that pass a test or fail it, or of which an attribute does. */
  private static TemplateValue select(
      TemplateValue value,
      @Nullable List<TemplateValue> attribute,
      TemplateArguments with,
      boolean wanted,
      RenderBudget budget) {
    TemplateValue test = with.find(0, "test");
    List<TemplateValue> selected = new ArrayList<>();
    for (TemplateValue element : ValueOperations.elements(value, budget)) {
      TemplateValue tested = attributeOf(element, attribute, budget);
      boolean holds =
          test == null
              ? ValueOperations.isTrue(tested)
              : TemplateTests.holds(
                  ValueOperations.text(test).text(), tested, with.from(1), budget);
      if (holds == wanted) {
        selected.add(element);
      }
    }
    return TemplateValue.list(selected);
  }

  /** The parts between the dots of an attribute's name, or null without a name. */
  private static @Nullable List<TemplateValue> attribute(
      @Nullable TemplateValue name, RenderBudget budget) {
    if (name == null) {
      return null;
    }
    String text =
        name instanceof Whole index
            ? Long.toString(index.value())
            : ValueOperations.text(name).text();
    budget.make(text.length());
    List<TemplateValue> parts = new ArrayList<>();
    for (String part : text.split("\\.", -1)) {
      parts.add(
          INDEX.matcher(part).matches()
              ? TemplateValue.of(Long.parseLong(part))
              : TemplateValue.of(part));
    }
    return parts;
  }

  /** What the parts of an attribute's name lead to from a value; the value itself without one. */
  private static TemplateValue attributeOf(
      TemplateValue value, @Nullable List<TemplateValue> parts, RenderBudget budget) {
    budget.take(1);
    if (parts == null) {
      return value;
    }
    TemplateValue found = value;
    for (TemplateValue part : parts) {
      budget.take(1);
      found = ValueAccess.element(found, part, budget);
    }
    return found;
  }
}
