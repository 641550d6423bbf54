package org.xlstm4j.models.chat.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.chat.template.TemplateExpression.Operator;
import org.xlstm4j.models.chat.template.TemplateValue.Items;
import org.xlstm4j.models.chat.template.TemplateValue.Real;
import org.xlstm4j.models.chat.template.TemplateValue.Text;
import org.xlstm4j.models.chat.template.TemplateValue.Truth;
import org.xlstm4j.models.chat.template.TemplateValue.Whole;

/** The operators that make a new value of two. */
final class Arithmetic {
  private Arithmetic() {}

  /** The result of an operator. */
  static TemplateValue apply(
      Operator operator, TemplateValue a, TemplateValue b, RenderBudget budget) {
    if (operator == Operator.CONCATENATE) {
      return joined(ValueWriter.text(a, budget), ValueWriter.text(b, budget), budget);
    }
    TemplateValue value = of(operator, a, b, budget);
    if (value == null) {
      throw new TemplateException(
          "'"
              + operator.sign()
              + "' is not for "
              + ValueOperations.kind(a)
              + " and "
              + ValueOperations.kind(b),
          0);
    }
    return value;
  }

  private static @Nullable TemplateValue of(
      Operator operator, TemplateValue a, TemplateValue b, RenderBudget budget) {
    if (operator == Operator.PLUS && a instanceof Text left && b instanceof Text right) {
      return joined(left.text(), right.text(), budget);
    }
    if (operator == Operator.PLUS && a instanceof Items left && b instanceof Items right) {
      return left.tuple() == right.tuple() ? joined(left, right, budget) : null;
    }
    if (operator == Operator.TIMES && (a instanceof Text || a instanceof Items)) {
      return repeated(a, b, budget);
    }
    if (operator == Operator.TIMES && (b instanceof Text || b instanceof Items)) {
      return repeated(b, a, budget);
    }
    return number(operator, a, b);
  }

  private static TemplateValue joined(MarkedText a, MarkedText b, RenderBudget budget) {
    budget.take((long) a.length() + b.length());
    return TemplateValue.of(a.followedBy(b));
  }

  private static TemplateValue joined(Items a, Items b, RenderBudget budget) {
    budget.take(2L * a.values().size() + 2L * b.values().size());
    List<TemplateValue> all = new ArrayList<>(a.values().size() + b.values().size());
    all.addAll(a.values());
    all.addAll(b.values());
    return a.tuple() ? TemplateValue.tuple(all) : TemplateValue.list(all);
  }

  private static @Nullable TemplateValue repeated(
      TemplateValue value, TemplateValue count, RenderBudget budget) {
    if (!(count instanceof Whole || count instanceof Truth)) {
      return null;
    }
    int times = Math.max(ValueOperations.integer(count), 0);
    if (value instanceof Text text) {
      budget.take((long) times * Math.max(text.text().length(), 1));
      MarkedText.Builder repeated = new MarkedText.Builder();
      for (int i = 0; i < times; i++) {
        repeated.append(text.text());
      }
      return TemplateValue.of(repeated.build());
    }
    Items items = (Items) value;
    budget.make((long) times * Math.max(items.values().size(), 1));
    List<TemplateValue> repeated = new ArrayList<>(times * items.values().size());
    for (int i = 0; i < times; i++) {
      repeated.addAll(items.values());
    }
    return items.tuple() ? TemplateValue.tuple(repeated) : TemplateValue.list(repeated);
  }

  private static @Nullable TemplateValue number(
      Operator operator, TemplateValue a, TemplateValue b) {
    Double left = ValueOperations.number(a);
    Double right = ValueOperations.number(b);
    if (left == null || right == null) {
      return null;
    }
    boolean divides =
        operator == Operator.DIVIDE
            || operator == Operator.DIVIDE_WHOLE
            || operator == Operator.REMAINDER;
    if (divides && right == 0) {
      throw new TemplateException("division by zero", 0);
    }
    if (operator == Operator.DIVIDE || a instanceof Real || b instanceof Real) {
      return real(operator, left, right);
    }
    return whole(operator, whole(a), whole(b));
  }

  private static long whole(TemplateValue value) {
    return value instanceof Whole number ? number.value() : ValueOperations.integer(value);
  }

  private static @Nullable TemplateValue real(Operator operator, double a, double b) {
    return switch (operator) {
      case PLUS -> new Real(a + b);
      case MINUS -> new Real(a - b);
      case TIMES -> new Real(a * b);
      case DIVIDE -> new Real(a / b);
      case DIVIDE_WHOLE -> new Real(Math.floor(a / b));
      case REMAINDER -> new Real(a - b * Math.floor(a / b));
      case POWER -> new Real(Math.pow(a, b));
      default -> null;
    };
  }

  private static @Nullable TemplateValue whole(Operator operator, long a, long b) {
    try {
      return switch (operator) {
        case PLUS -> TemplateValue.of(Math.addExact(a, b));
        case MINUS -> TemplateValue.of(Math.subtractExact(a, b));
        case TIMES -> TemplateValue.of(Math.multiplyExact(a, b));
        case DIVIDE_WHOLE -> TemplateValue.of(Math.floorDivExact(a, b));
        case REMAINDER -> TemplateValue.of(Math.floorMod(a, b));
        case POWER -> power(a, b);
        default -> null;
      };
    } catch (ArithmeticException e) {
      throw new TemplateException("a number that is too large", 0);
    }
  }

  private static TemplateValue power(long base, long exponent) {
    if (exponent < 0) {
      return new Real(Math.pow((double) base, (double) exponent));
    }
    long power = 1;
    long square = base;
    for (long rest = exponent; rest > 0; rest >>= 1) {
      if ((rest & 1) == 1) {
        power = Math.multiplyExact(power, square);
      }
      square = rest > 1 ? Math.multiplyExact(square, square) : square;
    }
    return TemplateValue.of(power);
  }
}
