package org.xlstm4j.models.chat.template;

import java.util.HashMap;
import java.util.Map;
import org.xlstm4j.models.chat.template.TemplateValue.Attributed;
import org.xlstm4j.models.chat.template.TemplateValue.Callable;
import org.xlstm4j.models.chat.template.TemplateValue.Fields;
import org.xlstm4j.models.chat.template.TemplateValue.Items;
import org.xlstm4j.models.chat.template.TemplateValue.None;
import org.xlstm4j.models.chat.template.TemplateValue.Real;
import org.xlstm4j.models.chat.template.TemplateValue.Text;
import org.xlstm4j.models.chat.template.TemplateValue.Truth;
import org.xlstm4j.models.chat.template.TemplateValue.Undefined;
import org.xlstm4j.models.chat.template.TemplateValue.Whole;

/** What {@code is} asks for. */
final class TemplateTests {
  private static final Map<String, Test> ALL = new HashMap<>();

  static {
    ALL.put("defined", (value, _, _) -> !(value instanceof Undefined));
    ALL.put("undefined", (value, _, _) -> value instanceof Undefined);
    ALL.put("none", (value, _, _) -> value instanceof None);
    ALL.put("string", (value, _, _) -> value instanceof Text);
    ALL.put("mapping", (value, _, _) -> value instanceof Fields);
    put(
        (value, _, _) ->
            value instanceof Text
                || value instanceof Items
                || value instanceof Fields
                || value instanceof Undefined,
        "sequence",
        "iterable");
    ALL.put(
        "number",
        (value, _, _) -> value instanceof Whole || value instanceof Real || value instanceof Truth);
    ALL.put("integer", (value, _, _) -> value instanceof Whole);
    ALL.put("float", (value, _, _) -> value instanceof Real);
    ALL.put("boolean", (value, _, _) -> value instanceof Truth);
    ALL.put("true", (value, _, _) -> value instanceof Truth truth && truth.value());
    ALL.put("false", (value, _, _) -> value instanceof Truth truth && !truth.value());
    ALL.put("callable", (value, _, _) -> value instanceof Callable || value instanceof Attributed);
    ALL.put("odd", (value, _, _) -> ValueOperations.integer(value) % 2 != 0);
    ALL.put("even", (value, _, _) -> ValueOperations.integer(value) % 2 == 0);
    ALL.put(
        "lower",
        (value, _, budget) -> {
          String text = text(value, budget);
          return text.chars().anyMatch(Character::isLowerCase)
              && text.chars().noneMatch(Character::isUpperCase);
        });
    ALL.put(
        "upper",
        (value, _, budget) -> {
          String text = text(value, budget);
          return text.chars().anyMatch(Character::isUpperCase)
              && text.chars().noneMatch(Character::isLowerCase);
        });
    put(
        (value, arguments, budget) ->
            ValueOperations.contains(arguments.get(0, "seq"), value, budget),
        "in");
    put(
        (value, arguments, budget) ->
            ValueOperations.equal(value, arguments.get(0, "other"), budget),
        "equalto",
        "eq",
        "==",
        "sameas");
    put(
        (value, arguments, budget) ->
            !ValueOperations.equal(value, arguments.get(0, "other"), budget),
        "ne",
        "!=");
    put((value, arguments, budget) -> order(value, arguments, budget) < 0, "lt", "lessthan", "<");
    put((value, arguments, budget) -> order(value, arguments, budget) <= 0, "le", "<=");
    put(
        (value, arguments, budget) -> order(value, arguments, budget) > 0,
        "gt",
        "greaterthan",
        ">");
    put((value, arguments, budget) -> order(value, arguments, budget) >= 0, "ge", ">=");
    put(
        (value, arguments, _) -> {
          int divisor = ValueOperations.integer(arguments.get(0, "num"));
          if (divisor == 0) {
            throw new TemplateException("division by zero", 0);
          }
          return ValueOperations.integer(value) % divisor == 0;
        },
        "divisibleby");
  }

  private TemplateTests() {}

  private interface Test {
    boolean holds(TemplateValue value, TemplateArguments arguments, RenderBudget budget);
  }

  private static void put(Test test, String... names) {
    for (String name : names) {
      ALL.put(name, test);
    }
  }

  private static String text(TemplateValue value, RenderBudget budget) {
    MarkedText text = ValueWriter.text(value, budget);
    budget.take(text.length());
    return text.text();
  }

  private static int order(TemplateValue value, TemplateArguments arguments, RenderBudget budget) {
    return ValueOperations.compare(value, arguments.get(0, "other"), budget);
  }

  /** Whether there is a test of a name. */
  static boolean has(String name) {
    return ALL.containsKey(name);
  }

  /** Whether a value passes a test. */
  static boolean holds(
      String name, TemplateValue value, TemplateArguments arguments, RenderBudget budget) {
    Test test = ALL.get(name);
    if (test == null) {
      throw new TemplateException("the test '" + name + "' is not supported", 0);
    }
    return test.holds(value, arguments, budget);
  }
}
