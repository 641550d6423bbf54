package org.xlstm4j.models.chat.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.chat.template.TemplateExpression.Arguments;
import org.xlstm4j.models.chat.template.TemplateExpression.Link;
import org.xlstm4j.models.chat.template.TemplateExpression.Operator;
import org.xlstm4j.models.chat.template.TemplateExpression.Step;
import org.xlstm4j.models.chat.template.TemplateValue.Callable;
import org.xlstm4j.models.chat.template.TemplateValue.Undefined;
import org.xlstm4j.models.chat.template.TemplateValue.Whole;

/** Evaluates expressions. Not thread-safe. */
final class TemplateEvaluator {
  private final RenderBudget budget;

  TemplateEvaluator(RenderBudget budget) {
    this.budget = budget;
  }

  /** The value of an expression. */
  TemplateValue evaluate(TemplateExpression expression, VariableScope scope) {
    budget.enter();
    try {
      return switch (expression) {
        case TemplateExpression.Constant constant -> constant.value();
        case TemplateExpression.Variable variable -> {
          budget.take(scope.depth());
          yield scope.get(variable.name());
        }
        case TemplateExpression.Sequence sequence -> sequence(sequence, scope);
        case TemplateExpression.Dictionary dictionary -> dictionary(dictionary, scope);
        case TemplateExpression.Chain chain -> chain(chain, scope);
        case TemplateExpression.Prefixed prefixed ->
            prefixed(prefixed.operator(), evaluate(prefixed.operand(), scope));
        case TemplateExpression.Conditional conditional -> conditional(conditional, scope);
        case TemplateExpression.Postfixed postfixed ->
            steps(evaluate(postfixed.first(), scope), postfixed.steps(), scope);
      };
    } catch (TemplateException e) {
      throw e.at(expression.line());
    } finally {
      budget.leave();
    }
  }

  private List<TemplateValue> all(List<TemplateExpression> expressions, VariableScope scope) {
    List<TemplateValue> values = new ArrayList<>();
    for (TemplateExpression expression : expressions) {
      values.add(evaluate(expression, scope));
    }
    return values;
  }

  private TemplateValue sequence(TemplateExpression.Sequence sequence, VariableScope scope) {
    budget.make(sequence.values().size());
    List<TemplateValue> values = all(sequence.values(), scope);
    return sequence.tuple() ? TemplateValue.tuple(values) : TemplateValue.list(values);
  }

  private TemplateValue dictionary(TemplateExpression.Dictionary dictionary, VariableScope scope) {
    budget.make(dictionary.keysAndValues().size());
    List<TemplateValue> values = all(dictionary.keysAndValues(), scope);
    Map<TemplateValue, TemplateValue> fields = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i += 2) {
      fields.put(ValueOperations.key(values.get(i), budget), values.get(i + 1));
    }
    return TemplateValue.fields(fields);
  }

  private TemplateValue conditional(
      TemplateExpression.Conditional conditional, VariableScope scope) {
    if (ValueOperations.isTrue(evaluate(conditional.condition(), scope))) {
      return evaluate(conditional.then(), scope);
    }
    return conditional.otherwise() == null
        ? new Undefined("the other branch of an if")
        : evaluate(conditional.otherwise(), scope);
  }

  private TemplateValue prefixed(Operator operator, TemplateValue operand) {
    return operator == Operator.NOT
        ? TemplateValue.of(!ValueOperations.isTrue(operand))
        : Arithmetic.apply(operator, new Whole(0), operand, budget);
  }

  private TemplateValue chain(TemplateExpression.Chain chain, VariableScope scope) {
    TemplateValue value = evaluate(chain.first(), scope);
    boolean holds = true;
    boolean compares = false;
    for (Link link : chain.links()) {
      switch (link.operator()) {
        case OR -> value = ValueOperations.isTrue(value) ? value : evaluate(link.operand(), scope);
        case AND -> value = ValueOperations.isTrue(value) ? evaluate(link.operand(), scope) : value;
        case EQUAL, UNEQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, IN, NOT_IN -> {
          compares = true;
          if (holds) {
            TemplateValue right = evaluate(link.operand(), scope);
            holds = holds(link.operator(), value, right);
            value = right;
          }
        }
        default ->
            value =
                Arithmetic.apply(link.operator(), value, evaluate(link.operand(), scope), budget);
      }
    }
    return compares ? TemplateValue.of(holds) : value;
  }

  private boolean holds(Operator operator, TemplateValue left, TemplateValue right) {
    return switch (operator) {
      case EQUAL -> ValueOperations.equal(left, right, budget);
      case UNEQUAL -> !ValueOperations.equal(left, right, budget);
      case LESS -> ValueOperations.compare(left, right, budget) < 0;
      case LESS_OR_EQUAL -> ValueOperations.compare(left, right, budget) <= 0;
      case GREATER -> ValueOperations.compare(left, right, budget) > 0;
      case GREATER_OR_EQUAL -> ValueOperations.compare(left, right, budget) >= 0;
      case IN -> ValueOperations.contains(right, left, budget);
      case NOT_IN -> !ValueOperations.contains(right, left, budget);
      default -> throw new IllegalStateException("no comparison: " + operator);
    };
  }

  /** What some steps make of a value. */
  TemplateValue steps(TemplateValue first, List<? extends Step> steps, VariableScope scope) {
    TemplateValue value = first;
    for (Step step : steps) {
      budget.take(1);
      value =
          switch (step) {
            case Step.Attribute attribute -> ValueAccess.attribute(value, attribute.name(), budget);
            case Step.Index index ->
                ValueAccess.element(value, evaluate(index.index(), scope), budget);
            case Step.Slice slice ->
                ValueAccess.slice(
                    value,
                    bound(slice.from(), scope),
                    bound(slice.to(), scope),
                    bound(slice.by(), scope),
                    budget);
            case Step.Call call -> call(value, arguments(call.arguments(), scope));
            case Step.Filter filter ->
                TemplateFilters.apply(
                    filter.name(), value, arguments(filter.arguments(), scope), budget);
            case Step.Test test ->
                TemplateValue.of(
                    TemplateTests.holds(
                            test.name(), value, arguments(test.arguments(), scope), budget)
                        != test.negated());
          };
    }
    return value;
  }

  private static TemplateValue call(TemplateValue function, TemplateArguments arguments) {
    if (function instanceof Callable callable) {
      return callable.call(arguments);
    }
    throw new TemplateException(ValueOperations.kind(function) + " cannot be called", 0);
  }

  private @Nullable Integer bound(@Nullable TemplateExpression expression, VariableScope scope) {
    if (expression == null) {
      return null;
    }
    TemplateValue value = evaluate(expression, scope);
    return value instanceof TemplateValue.None ? null : ValueOperations.integer(value);
  }

  private TemplateArguments arguments(Arguments arguments, VariableScope scope) {
    if (arguments.positional().isEmpty() && arguments.named().isEmpty()) {
      return TemplateArguments.NONE;
    }
    Map<String, TemplateValue> named = new LinkedHashMap<>();
    List<TemplateValue> positional = all(arguments.positional(), scope);
    for (TemplateExpression.Named argument : arguments.named()) {
      named.put(argument.name(), evaluate(argument.value(), scope));
    }
    return new TemplateArguments(positional, named);
  }
}
