package org.xlstm4j.models.chat.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression of a template; immutable. Each knows its line. */
sealed interface TemplateExpression {
  /** The line it begins in, from 1. */
  int line();

  /** A literal. */
  record Constant(TemplateValue value, int line) implements TemplateExpression {}

  /** A variable. */
  record Variable(String name, int line) implements TemplateExpression {}

  /** A list or a tuple. */
  record Sequence(List<TemplateExpression> values, boolean tuple, int line)
      implements TemplateExpression {}

  /** A dictionary; keys and values take turns. */
  record Dictionary(List<TemplateExpression> keysAndValues, int line)
      implements TemplateExpression {}

  /** {@code first OPERATOR operand OPERATOR operand...}, of operators that bind equally. */
  record Chain(TemplateExpression first, List<Link> links, int line)
      implements TemplateExpression {}

  /** An operator with its right side. */
  record Link(Operator operator, TemplateExpression operand) {}

  /** {@code not}, minus or plus before an operand. */
  record Prefixed(Operator operator, TemplateExpression operand, int line)
      implements TemplateExpression {}

  /** {@code then if condition else otherwise}; without the last part it is undefined. */
  record Conditional(
      TemplateExpression then,
      TemplateExpression condition,
      @Nullable TemplateExpression otherwise,
      int line)
      implements TemplateExpression {}

  /** An operand with all that is done to it, from left to right. */
  record Postfixed(TemplateExpression first, List<Step> steps, int line)
      implements TemplateExpression {}

  /** One thing that is done to an operand. */
  sealed interface Step {
    /** {@code .name}. */
    record Attribute(String name) implements Step {}

    /** {@code [index]}. */
    record Index(TemplateExpression index) implements Step {}

    /** {@code [from:to:by]}. */
    record Slice(
        @Nullable TemplateExpression from,
        @Nullable TemplateExpression to,
        @Nullable TemplateExpression by)
        implements Step {}

    /** {@code (arguments)}. */
    record Call(Arguments arguments) implements Step {}

    /** {@code |name(arguments)}. */
    record Filter(String name, Arguments arguments) implements Step {}

    /** {@code is name arguments}, or {@code is not}. */
    record Test(String name, Arguments arguments, boolean negated) implements Step {}
  }

  /** The arguments of a call. */
  record Arguments(List<TemplateExpression> positional, List<Named> named) {
    static final Arguments NONE = new Arguments(List.of(), List.of());
  }

  /** An argument with a name. */
  record Named(String name, TemplateExpression value) {}

  /** An operator between two operands, or before one. */
  enum Operator {
    OR("or"),
    AND("and"),
    NOT("not"),
    EQUAL("=="),
    UNEQUAL("!="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    IN("in"),
    NOT_IN("not in"),
    PLUS("+"),
    MINUS("-"),
    CONCATENATE("~"),
    TIMES("*"),
    DIVIDE("/"),
    DIVIDE_WHOLE("//"),
    REMAINDER("%"),
    POWER("**");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }

    /** As it is written. */
    String sign() {
      return sign;
    }
  }
}
