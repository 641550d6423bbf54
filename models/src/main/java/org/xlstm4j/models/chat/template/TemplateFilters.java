package org.xlstm4j.models.chat.template;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.chat.template.TemplateValue.Fields;
import org.xlstm4j.models.chat.template.TemplateValue.Real;
import org.xlstm4j.models.chat.template.TemplateValue.Text;
import org.xlstm4j.models.chat.template.TemplateValue.Truth;
import org.xlstm4j.models.chat.template.TemplateValue.Undefined;
import org.xlstm4j.models.chat.template.TemplateValue.Whole;

/**
 * The filters by their names: those of single values here, those of lists in {@link ListFilters}.
 */
final class TemplateFilters {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

  private static final Map<String, Filter> ALL = new HashMap<>();

  static {
    put(
        (value, arguments, budget) ->
            TextMethods.strip(soft(value, budget), arguments, true, true, budget),
        "trim");
    put((value, _, budget) -> TemplateValue.of(TextMethods.upper(soft(value, budget))), "upper");
    put((value, _, budget) -> TemplateValue.of(TextMethods.lower(soft(value, budget))), "lower");
    put(
        (value, _, budget) -> TemplateValue.of(TextMethods.capitalize(soft(value, budget))),
        "capitalize");
    put(
        (value, _, budget) -> TemplateValue.of(soft(value, budget).map(TemplateFilters::title)),
        "title");
    put((value, _, budget) -> TemplateValue.of(soft(value, budget)), "string", "safe");
    put(
        (value, arguments, budget) -> TextMethods.replace(soft(value, budget), arguments, budget),
        "replace");
    put(TemplateFilters::indent, "indent");
    put(TemplateFilters::json, "tojson");
    put(
        (value, _, budget) -> TemplateValue.of(ValueOperations.length(value, budget)),
        "length",
        "count");
    put(
        (value, arguments, _) ->
            value instanceof Undefined
                    || (arguments.isTrue(1, "boolean") && !ValueOperations.isTrue(value))
                ? arguments.getOr(0, "default_value", TemplateValue.of(""))
                : value,
        "default",
        "d");
    put(TemplateFilters::whole, "int");
    put(TemplateFilters::real, "float");
    put((value, _, _) -> absolute(value), "abs");
    put((value, _, budget) -> items(value, budget), "items");
    ListFilters.addTo(ALL);
  }

  private TemplateFilters() {}

  /** What a filter does to a value. */
  interface Filter {
    /** The filtered value. */
    TemplateValue apply(TemplateValue value, TemplateArguments arguments, RenderBudget budget);
  }

  private static void put(Filter filter, String... names) {
    for (String name : names) {
      ALL.put(name, filter);
    }
  }

  /** Whether there is a filter of a name. */
  static boolean has(String name) {
    return ALL.containsKey(name);
  }

  /** A filtered value. */
  static TemplateValue apply(
      String name, TemplateValue value, TemplateArguments arguments, RenderBudget budget) {
    Filter filter = ALL.get(name);
    if (filter == null) {
      throw new TemplateException("the filter '" + name + "' is not supported", 0);
    }
    budget.take(1);
    return filter.apply(value, arguments, budget);
  }

  /** A value as a text, whatever it is. */
  private static MarkedText soft(TemplateValue value, RenderBudget budget) {
    MarkedText text = ValueWriter.text(value, budget);
    budget.take(text.length());
    return text;
  }

  /** Upper case at the beginning of each word, as Jinja's filter has words. */
  private static String title(String text) {
    StringBuilder titled = new StringBuilder();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || isTitleBreak(text.charAt(i))) {
        titled.append(capitalizeWord(text.substring(start, i)));
        if (i < text.length()) {
          titled.append(text.charAt(i));
        }
        start = i + 1;
      }
    }
    return titled.toString();
  }

  private static String capitalizeWord(String word) {
    int first = word.isEmpty() ? 0 : word.offsetByCodePoints(0, 1);
    return word.substring(0, first).toUpperCase(Locale.ROOT)
        + word.substring(first).toLowerCase(Locale.ROOT);
  }

  private static boolean isTitleBreak(char character) {
    return PythonText.isSpace(character) || "-({[<".indexOf(character) >= 0;
  }

  private static TemplateValue indent(
      TemplateValue value, TemplateArguments arguments, RenderBudget budget) {
    MarkedText text = soft(value, budget);
    MarkedText space = width(arguments.getOr(0, "width", TemplateValue.of(4)), budget);
    boolean first = arguments.isTrue(1, "first");
    boolean blank = arguments.isTrue(2, "blank");
    MarkedText.Builder indented = new MarkedText.Builder();
    String all = text.text();
    int start = 0;
    while (start <= all.length()) {
      int end = all.indexOf('\n', start);
      int next = end < 0 ? all.length() + 1 : end + 1;
      boolean empty = start == (end < 0 ? all.length() : end);
      if (start == 0 ? first : blank || !empty) {
        budget.take(space.length());
        indented.append(space);
      }
      indented.append(text, start, Math.min(next, all.length()));
      start = next;
    }
    return TemplateValue.of(indented.build());
  }

  private static MarkedText width(TemplateValue width, RenderBudget budget) {
    if (width instanceof Text text) {
      return text.text();
    }
    int spaces = Math.max(ValueOperations.integer(width), 0);
    budget.take(spaces);
    return MarkedText.of(" ".repeat(spaces));
  }

  private static TemplateValue json(
      TemplateValue value, TemplateArguments arguments, RenderBudget budget) {
    TemplateValue indent = arguments.named().getOrDefault("indent", TemplateValue.NONE);
    if (indent instanceof TemplateValue.None) {
      return TemplateValue.of(ValueWriter.json(value, null, budget));
    }
    int spaces = Math.max(ValueOperations.integer(indent), 0);
    budget.take(spaces);
    return TemplateValue.of(ValueWriter.json(value, " ".repeat(spaces), budget));
  }

  private static TemplateValue whole(
      TemplateValue value, TemplateArguments arguments, RenderBudget budget) {
    TemplateValue otherwise = arguments.getOr(0, "default", TemplateValue.of(0));
    return switch (value) {
      case Whole _ -> value;
      case Truth truth -> TemplateValue.of(truth.value() ? 1L : 0L);
      case Real number when Double.isFinite(number.value()) ->
          TemplateValue.of((long) number.value());
      case Text text -> {
        Double number = parsed(text, budget);
        yield number == null || !Double.isFinite(number)
            ? otherwise
            : TemplateValue.of(number.longValue());
      }
      default -> otherwise;
    };
  }

  private static TemplateValue real(
      TemplateValue value, TemplateArguments arguments, RenderBudget budget) {
    Double number =
        value instanceof Text text ? parsed(text, budget) : ValueOperations.number(value);
    return number == null ? arguments.getOr(0, "default", new Real(0)) : new Real(number);
  }

  private static @Nullable Double parsed(Text text, RenderBudget budget) {
    budget.take(text.text().length());
    String number = text.text().text().strip();
    if (number.length() > 40 || !NUMBER.matcher(number).matches()) {
      return null;
    }
    return Double.valueOf(number);
  }

  private static TemplateValue absolute(TemplateValue value) {
    if (value instanceof Real real) {
      return new Real(Math.abs(real.value()));
    }
    return TemplateValue.of(Math.abs((long) ValueOperations.integer(value)));
  }

  private static TemplateValue items(TemplateValue value, RenderBudget budget) {
    return switch (value) {
      case Undefined _ -> TemplateValue.list(List.of());
      case Fields fields -> FieldMethods.items(fields, budget);
      default ->
          throw new TemplateException(
              "items are of a dictionary, not of " + ValueOperations.kind(value), 0);
    };
  }
}
