package org.xlstm4j.models.chat.template;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xlstm4j.models.chat.template.TemplateValue.Callable;
import org.xlstm4j.models.chat.template.TemplateValue.Fields;

/** The functions that every template can call. */
final class TemplateFunctions {
  private static final int LONGEST_RANGE = 100_000;

  private TemplateFunctions() {}

  /** All of them by name. */
  static Map<String, TemplateValue> of(Clock clock, RenderBudget budget) {
    Map<String, TemplateValue> functions = new HashMap<>();
    functions.put("range", (Callable) arguments -> range(arguments, budget));
    functions.put("namespace", (Callable) arguments -> namespace(arguments, budget));
    functions.put("dict", (Callable) arguments -> dictionary(arguments, budget));
    functions.put(
        "raise_exception",
        (Callable)
            arguments -> {
              throw new TemplateException(
                  ValueWriter.text(arguments.get(0, "message"), budget).text(), 0);
            });
    functions.put(
        "strftime_now",
        (Callable)
            arguments -> {
              MarkedText format = ValueOperations.text(arguments.get(0, "format"));
              budget.take(100L * format.length()); // each field takes a formatter
              return TemplateValue.of(format.map(part -> DateText.now(part, clock)));
            });
    return functions;
  }

  private static TemplateValue range(TemplateArguments arguments, RenderBudget budget) {
    int count = arguments.positional().size();
    long start = count > 1 ? ValueOperations.integer(arguments.get(0, "start")) : 0;
    long stop = ValueOperations.integer(arguments.get(count > 1 ? 1 : 0, "stop"));
    long step = arguments.integerOr(2, "step", 1);
    if (step == 0) {
      throw new TemplateException("a range by steps of 0", 0);
    }
    List<TemplateValue> numbers = new ArrayList<>();
    for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
      if (numbers.size() == LONGEST_RANGE) {
        throw new TemplateException("a range of more than " + LONGEST_RANGE + " numbers", 0);
      }
      budget.make(1);
      numbers.add(TemplateValue.of(i));
    }
    return TemplateValue.list(numbers);
  }

  private static TemplateValue namespace(TemplateArguments arguments, RenderBudget budget) {
    Map<String, TemplateValue> attributes = new HashMap<>();
    for (TemplateValue values : arguments.positional()) {
      fields(values, budget)
          .values()
          .forEach((name, value) -> attributes.put(ValueOperations.text(name).text(), value));
    }
    budget.make(4L + arguments.named().size());
    attributes.putAll(arguments.named());
    return new TemplateValue.Namespace(attributes);
  }

  private static TemplateValue dictionary(TemplateArguments arguments, RenderBudget budget) {
    Map<TemplateValue, TemplateValue> values = new LinkedHashMap<>();
    arguments.positional().forEach(value -> values.putAll(fields(value, budget).values()));
    budget.make(4L + 2L * arguments.named().size());
    arguments.named().forEach((name, value) -> values.put(TemplateValue.of(name), value));
    return TemplateValue.fields(values);
  }

  private static Fields fields(TemplateValue value, RenderBudget budget) {
    if (value instanceof Fields fields) {
      budget.make(2L * fields.values().size());
      return fields;
    }
    throw new TemplateException("expected a dictionary, found " + ValueOperations.kind(value), 0);
  }
}
