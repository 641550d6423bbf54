package org.xlstm4j.models.chat.template;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.chat.template.TemplateValue.Attributed;
import org.xlstm4j.models.chat.template.TemplateValue.Callable;
import org.xlstm4j.models.chat.template.TemplateValue.Fields;
import org.xlstm4j.models.chat.template.TemplateValue.Items;
import org.xlstm4j.models.chat.template.TemplateValue.Namespace;
import org.xlstm4j.models.chat.template.TemplateValue.None;
import org.xlstm4j.models.chat.template.TemplateValue.Real;
import org.xlstm4j.models.chat.template.TemplateValue.Text;
import org.xlstm4j.models.chat.template.TemplateValue.Truth;
import org.xlstm4j.models.chat.template.TemplateValue.Undefined;
import org.xlstm4j.models.chat.template.TemplateValue.Whole;

/** What values are to each other, as in Python: truth, equality, order, elements. */
final class ValueOperations {
  private ValueOperations() {}

  /** What messages call the kind of a value. */
  static String kind(TemplateValue value) {
    return switch (value) {
      case Text _ -> "a text";
      case Undefined undefined -> "'" + undefined.name() + "', which is undefined";
      case None _ -> "none";
      case Truth _ -> "a truth";
      case Whole _, Real _ -> "a number";
      case Items _ -> "a list";
      case Fields _ -> "a dictionary";
      case Namespace _, Attributed _ -> "an object";
      case Callable _ -> "a function";
    };
  }

  /** Whether a condition holds. */
  static boolean isTrue(TemplateValue value) {
    return switch (value) {
      case Truth truth -> truth.value();
      case Text text -> !text.text().isEmpty();
      case Whole number -> number.value() != 0;
      case Real number -> number.value() != 0;
      case Items items -> !items.values().isEmpty();
      case Fields fields -> !fields.values().isEmpty();
      case Undefined _, None _ -> false;
      case Namespace _, Attributed _, Callable _ -> true;
    };
  }

  /** A text that must be one. */
  static MarkedText text(TemplateValue value) {
    if (value instanceof Text text) {
      return text.text();
    }
    throw new TemplateException("expected a text, found " + kind(value), 0);
  }

  /** A whole number that must be one, and of a size that counts something. */
  static int integer(TemplateValue value) {
    long number =
        switch (value) {
          case Whole whole -> whole.value();
          case Truth truth -> truth.value() ? 1 : 0;
          default ->
              throw new TemplateException("expected a whole number, found " + kind(value), 0);
        };
    return Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** Whether two values are equal. */
  static boolean equal(TemplateValue a, TemplateValue b, RenderBudget budget) {
    budget.take(1);
    Double first = number(a);
    Double second = number(b);
    if (first != null && second != null) {
      return (a instanceof Whole left && b instanceof Whole right)
          ? left.value() == right.value()
          : first.doubleValue() == second.doubleValue();
    }
    return switch (a) {
      case Text left when b instanceof Text right -> {
        budget.take(left.text().length());
        yield left.text().equals(right.text());
      }
      case Items left when b instanceof Items right ->
          left.tuple() == right.tuple() && equal(left.values(), right.values(), budget);
      case Fields left when b instanceof Fields right -> equal(left, right, budget);
      case None _ -> b instanceof None;
      case Undefined _ -> b instanceof Undefined;
      default -> a == b;
    };
  }

  private static boolean equal(
      List<TemplateValue> left, List<TemplateValue> right, RenderBudget budget) {
    boolean equal = left.size() == right.size();
    for (int i = 0; equal && i < left.size(); i++) {
      equal = equal(left.get(i), right.get(i), budget);
    }
    return equal;
  }

  private static boolean equal(Fields left, Fields right, RenderBudget budget) {
    if (left.values().size() != right.values().size()) {
      return false;
    }
    for (var entry : left.values().entrySet()) {
      TemplateValue other = right.values().get(entry.getKey());
      if (other == null || !equal(entry.getValue(), other, budget)) {
        return false;
      }
    }
    return true;
  }

  /** The value as a number, or null if it is none; a truth is 0 or 1. */
  static @Nullable Double number(TemplateValue value) {
    return switch (value) {
      case Whole whole -> (double) whole.value();
      case Real real -> real.value();
      case Truth truth -> truth.value() ? 1.0 : 0.0;
      default -> null;
    };
  }

  /** The order of two numbers, texts or lists. */
  static int compare(TemplateValue a, TemplateValue b, RenderBudget budget) {
    budget.take(1);
    if (a instanceof Text left && b instanceof Text right) {
      budget.take(Math.min(left.text().length(), right.text().length()));
      return left.text().compareTo(right.text());
    }
    if (a instanceof Whole left && b instanceof Whole right) {
      return Long.compare(left.value(), right.value());
    }
    if (a instanceof Items left && b instanceof Items right) {
      int common = Math.min(left.values().size(), right.values().size());
      for (int i = 0; i < common; i++) {
        int order = compare(left.values().get(i), right.values().get(i), budget);
        if (order != 0) {
          return order;
        }
      }
      return Integer.compare(left.values().size(), right.values().size());
    }
    Double first = number(a);
    Double second = number(b);
    if (first == null || second == null) {
      throw new TemplateException(kind(a) + " cannot be compared with " + kind(b), 0);
    }
    budget.take(100); // exact, or the order would not be one; some have a thousand digits
    return Double.isFinite(first) && Double.isFinite(second)
        ? exact(a, first).compareTo(exact(b, second))
        : Double.compare(first, second);
  }

  private static BigDecimal exact(TemplateValue value, double number) {
    return value instanceof Whole whole
        ? BigDecimal.valueOf(whole.value())
        : new BigDecimal(number);
  }

  /** The elements that a loop goes over: of a list, the keys of a dictionary, the characters. */
  static List<TemplateValue> elements(TemplateValue value, RenderBudget budget) {
    return switch (value) {
      case Items items -> {
        budget.take(items.values().size());
        yield items.values();
      }
      case Fields fields -> {
        budget.make(fields.values().size());
        yield new ArrayList<>(fields.values().keySet());
      }
      case Text text -> characters(text.text(), budget);
      case Undefined _ -> List.of();
      default -> throw new TemplateException(kind(value) + " has no elements", 0);
    };
  }

  private static List<TemplateValue> characters(MarkedText text, RenderBudget budget) {
    budget.make(text.length());
    List<TemplateValue> characters = new ArrayList<>();
    int next;
    for (int at = 0; at < text.length(); at = next) {
      next = text.text().offsetByCodePoints(at, 1);
      characters.add(TemplateValue.of(text.substring(at, next)));
    }
    return characters;
  }

  /** Whether a value is in another one. */
  static boolean contains(TemplateValue container, TemplateValue value, RenderBudget budget) {
    return switch (container) {
      case Text text -> {
        MarkedText part = text(value);
        budget.take(text.text().length() + part.length());
        yield text.text().indexOf(part.text(), 0) >= 0;
      }
      case Fields fields -> fields.values().containsKey(key(value, budget));
      default -> {
        for (TemplateValue element : elements(container, budget)) {
          if (equal(element, value, budget)) {
            yield true;
          }
        }
        yield false;
      }
    };
  }

  /** A value as the key of a dictionary. */
  static TemplateValue key(TemplateValue value, RenderBudget budget) {
    return switch (value) {
      case Text text -> {
        budget.take(text.text().length());
        yield value;
      }
      case Undefined undefined -> {
        budget.take(undefined.name().length());
        yield value;
      }
      case Whole _, Real _, Truth _, None _ -> value;
      default -> throw new TemplateException(kind(value) + " cannot be a key", 0);
    };
  }

  /** How many elements or characters there are. */
  static long length(TemplateValue value, RenderBudget budget) {
    return switch (value) {
      case Text text -> {
        budget.take(text.text().length());
        yield text.text().text().codePointCount(0, text.text().length());
      }
      case Items items -> items.values().size();
      case Fields fields -> fields.values().size();
      case Undefined _ -> 0;
      default -> throw new TemplateException(kind(value) + " has no length", 0);
    };
  }
}
