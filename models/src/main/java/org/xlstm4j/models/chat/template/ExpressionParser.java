package org.xlstm4j.models.chat.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.chat.template.TemplateExpression.Arguments;
import org.xlstm4j.models.chat.template.TemplateExpression.Link;
import org.xlstm4j.models.chat.template.TemplateExpression.Operator;
import org.xlstm4j.models.chat.template.TemplateExpression.Step;
import org.xlstm4j.models.chat.template.TemplateToken.Kind;

/** Parses expressions, with the precedence that Jinja has. */
final class ExpressionParser {
  private static final Map<String, Operator> SUMS = Map.of("+", Operator.PLUS, "-", Operator.MINUS);
  private static final Map<String, Operator> TEXTS = Map.of("~", Operator.CONCATENATE);
  private static final Map<String, Operator> PRODUCTS =
      Map.of(
          "*", Operator.TIMES,
          "/", Operator.DIVIDE,
          "//", Operator.DIVIDE_WHOLE,
          "%", Operator.REMAINDER);
  private static final Map<String, Operator> POWERS = Map.of("**", Operator.POWER);
  private static final Map<String, Operator> COMPARISONS =
      Map.of(
          "==", Operator.EQUAL,
          "!=", Operator.UNEQUAL,
          "<", Operator.LESS,
          "<=", Operator.LESS_OR_EQUAL,
          ">", Operator.GREATER,
          ">=", Operator.GREATER_OR_EQUAL);

  private final TokenCursor tokens;

  ExpressionParser(TokenCursor tokens) {
    this.tokens = tokens;
  }

  /** What gives the next operand of a chain. */
  private interface Operand {
    TemplateExpression parse();
  }

  /** What gives the next operator of a chain, or null if there is none. */
  private interface OperatorSource {
    @Nullable Operator next();
  }

  /** One expression, or several with commas between, which make a tuple. */
  TemplateExpression tuple() {
    return tuple(this::expression);
  }

  /** As {@link #tuple}, but an {@code if} is not part of it. */
  TemplateExpression tupleWithoutCondition() {
    return tuple(this::or);
  }

  private TemplateExpression tuple(Operand operand) {
    TemplateExpression first = operand.parse();
    if (!tokens.current().isOperator(",")) {
      return first;
    }
    List<TemplateExpression> values = new ArrayList<>();
    values.add(first);
    while (tokens.skipOperator(",")) {
      if (isEnd()) {
        break;
      }
      values.add(operand.parse());
    }
    return new TemplateExpression.Sequence(values, true, first.line());
  }

  private boolean isEnd() {
    TemplateToken token = tokens.current();
    return token.is(Kind.VARIABLE_END) || token.is(Kind.BLOCK_END) || token.isOperator(")");
  }

  /** One expression. */
  TemplateExpression expression() {
    tokens.enter();
    TemplateExpression expression = or();
    if (tokens.skipName("if")) {
      TemplateExpression condition = or();
      TemplateExpression otherwise = tokens.skipName("else") ? expression() : null;
      expression =
          new TemplateExpression.Conditional(expression, condition, otherwise, expression.line());
    }
    tokens.leave();
    return expression;
  }

  private TemplateExpression or() {
    return chain(this::and, () -> tokens.skipName("or") ? Operator.OR : null);
  }

  private TemplateExpression and() {
    return chain(this::not, () -> tokens.skipName("and") ? Operator.AND : null);
  }

  private TemplateExpression not() {
    if (!tokens.current().isName("not")) {
      return comparison();
    }
    int line = tokens.next().line();
    tokens.enter();
    TemplateExpression operand = not();
    tokens.leave();
    return new TemplateExpression.Prefixed(Operator.NOT, operand, line);
  }

  private TemplateExpression comparison() {
    return chain(this::sum, this::comparisonOperator);
  }

  private @Nullable Operator comparisonOperator() {
    if (tokens.skipName("in")) {
      return Operator.IN;
    }
    if (tokens.current().isName("not") && tokens.following().isName("in")) {
      tokens.next();
      tokens.next();
      return Operator.NOT_IN;
    }
    return operator(COMPARISONS);
  }

  private TemplateExpression sum() {
    return chain(this::concatenation, () -> operator(SUMS));
  }

  private TemplateExpression concatenation() {
    return chain(this::product, () -> operator(TEXTS));
  }

  private TemplateExpression product() {
    return chain(this::power, () -> operator(PRODUCTS));
  }

  private TemplateExpression power() {
    return chain(() -> unary(true), () -> operator(POWERS));
  }

  private @Nullable Operator operator(Map<String, Operator> operators) {
    TemplateToken token = tokens.current();
    Operator operator = token.is(Kind.OPERATOR) ? operators.get(token.text()) : null;
    if (operator != null) {
      tokens.next();
    }
    return operator;
  }

  private static TemplateExpression chain(Operand operand, OperatorSource operators) {
    TemplateExpression first = operand.parse();
    Operator operator = operators.next();
    if (operator == null) {
      return first;
    }
    List<Link> links = new ArrayList<>();
    for (; operator != null; operator = operators.next()) {
      links.add(new Link(operator, operand.parse()));
    }
    return new TemplateExpression.Chain(first, links, first.line());
  }

  private TemplateExpression unary(boolean withFilters) {
    TemplateToken token = tokens.current();
    TemplateExpression operand;
    if (token.isOperator("-") || token.isOperator("+")) {
      tokens.next();
      tokens.enter();
      Operator operator = token.isOperator("-") ? Operator.MINUS : Operator.PLUS;
      operand = new TemplateExpression.Prefixed(operator, unary(false), token.line());
      tokens.leave();
    } else {
      operand = primary();
    }
    List<Step> steps = new ArrayList<>();
    addPostfixes(steps);
    if (withFilters) {
      addFiltersAndTests(steps);
    }
    return steps.isEmpty()
        ? operand
        : new TemplateExpression.Postfixed(operand, steps, token.line());
  }

  private TemplateExpression primary() {
    TemplateToken token = tokens.next();
    return switch (token.kind()) {
      case NAME -> name(token);
      case TEXT -> text(token);
      case WHOLE -> constant(whole(token), token);
      case REAL -> constant(new TemplateValue.Real(Double.parseDouble(token.text())), token);
      case OPERATOR -> bracketed(token);
      default -> throw unexpected(token);
    };
  }

  private static TemplateException unexpected(TemplateToken token) {
    return new TemplateException("unexpected " + token.shown(), token.line());
  }

  private static TemplateExpression constant(TemplateValue value, TemplateToken token) {
    return new TemplateExpression.Constant(value, token.line());
  }

  private static TemplateExpression name(TemplateToken token) {
    return switch (token.text()) {
      case "true", "True" -> constant(TemplateValue.TRUE, token);
      case "false", "False" -> constant(TemplateValue.FALSE, token);
      case "none", "None" -> constant(TemplateValue.NONE, token);
      case "in", "is", "and", "or", "if", "else" -> throw unexpected(token);
      default -> new TemplateExpression.Variable(token.text(), token.line());
    };
  }

  private static TemplateValue whole(TemplateToken token) {
    try {
      return TemplateValue.of(Long.parseLong(token.text()));
    } catch (NumberFormatException e) {
      throw new TemplateException(token.shown() + " is too large", token.line());
    }
  }

  private TemplateExpression text(TemplateToken token) {
    StringBuilder text = new StringBuilder(token.text());
    while (tokens.current().is(Kind.TEXT)) {
      text.append(tokens.next().text());
    }
    return constant(TemplateValue.of(text.toString()), token);
  }

  private TemplateExpression bracketed(TemplateToken open) {
    tokens.enter();
    TemplateExpression expression =
        switch (open.text()) {
          case "(" -> parenthesized(open);
          case "[" -> new TemplateExpression.Sequence(expressionsUntil("]"), false, open.line());
          case "{" -> dictionary(open);
          default -> throw unexpected(open);
        };
    tokens.leave();
    return expression;
  }

  private TemplateExpression parenthesized(TemplateToken open) {
    if (tokens.skipOperator(")")) {
      return new TemplateExpression.Sequence(List.of(), true, open.line());
    }
    TemplateExpression inner = tuple();
    tokens.expectOperator(")");
    return inner;
  }

  private List<TemplateExpression> expressionsUntil(String end) {
    List<TemplateExpression> values = new ArrayList<>();
    while (!tokens.skipOperator(end)) {
      if (!values.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.skipOperator(end)) {
          break;
        }
      }
      values.add(expression());
    }
    return values;
  }

  private TemplateExpression dictionary(TemplateToken open) {
    List<TemplateExpression> keysAndValues = new ArrayList<>();
    while (!tokens.skipOperator("}")) {
      if (!keysAndValues.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.skipOperator("}")) {
          break;
        }
      }
      keysAndValues.add(expression());
      tokens.expectOperator(":");
      keysAndValues.add(expression());
    }
    return new TemplateExpression.Dictionary(keysAndValues, open.line());
  }

  private void addPostfixes(List<Step> steps) {
    while (true) {
      if (tokens.skipOperator(".")) {
        steps.add(attribute());
      } else if (tokens.skipOperator("[")) {
        steps.add(index());
      } else if (tokens.current().isOperator("(")) {
        steps.add(new Step.Call(arguments()));
      } else {
        return;
      }
    }
  }

  private Step attribute() {
    TemplateToken name = tokens.next();
    return switch (name.kind()) {
      case NAME -> new Step.Attribute(name.text());
      case WHOLE -> new Step.Index(constant(whole(name), name));
      default -> throw new TemplateException("expected a name, found " + name.shown(), name.line());
    };
  }

  private Step index() {
    tokens.enter();
    TemplateExpression from = isSliceEnd() ? null : expression();
    Step step;
    if (from != null && tokens.current().isOperator("]")) {
      step = new Step.Index(from);
    } else {
      tokens.expectOperator(":");
      TemplateExpression to = isSliceEnd() ? null : expression();
      TemplateExpression by = tokens.skipOperator(":") && !isSliceEnd() ? expression() : null;
      step = new Step.Slice(from, to, by);
    }
    tokens.expectOperator("]");
    tokens.leave();
    return step;
  }

  private boolean isSliceEnd() {
    return tokens.current().isOperator(":") || tokens.current().isOperator("]");
  }

  private void addFiltersAndTests(List<Step> steps) {
    while (true) {
      if (tokens.skipOperator("|")) {
        steps.add(filter());
      } else if (tokens.skipName("is")) {
        steps.add(test());
      } else if (tokens.current().isOperator("(")) {
        steps.add(new Step.Call(arguments()));
      } else {
        return;
      }
    }
  }

  /** All filters that follow, each behind its bar. */
  List<Step> filters() {
    List<Step> filters = new ArrayList<>();
    while (tokens.skipOperator("|")) {
      filters.add(filter());
    }
    return filters;
  }

  /** The filter whose name is current. */
  Step filter() {
    TemplateToken name = tokens.expect(Kind.NAME, "the name of a filter");
    if (!TemplateFilters.has(name.text())) {
      throw new TemplateException("the filter " + name.shown() + " is not supported", name.line());
    }
    return new Step.Filter(name.text(), argumentsOrNone());
  }

  private Arguments argumentsOrNone() {
    return tokens.current().isOperator("(") ? arguments() : Arguments.NONE;
  }

  private Step test() {
    boolean negated = tokens.skipName("not");
    TemplateToken name = tokens.expect(Kind.NAME, "the name of a test");
    if (!TemplateTests.has(name.text())) {
      throw new TemplateException("the test " + name.shown() + " is not supported", name.line());
    }
    Arguments arguments = beginsArgument() ? bareArgument() : argumentsOrNone();
    return new Step.Test(name.text(), arguments, negated);
  }

  private Arguments bareArgument() {
    TemplateExpression value = primary();
    List<Step> steps = new ArrayList<>();
    addPostfixes(steps);
    TemplateExpression whole =
        steps.isEmpty() ? value : new TemplateExpression.Postfixed(value, steps, value.line());
    return new Arguments(List.of(whole), List.of());
  }

  /** Whether an argument of a test follows, without parentheses. */
  private boolean beginsArgument() {
    TemplateToken token = tokens.current();
    return switch (token.kind()) {
      case TEXT, WHOLE, REAL -> true;
      case OPERATOR -> token.isOperator("[") || token.isOperator("{");
      case NAME ->
          switch (token.text()) {
            case "else", "or", "and", "is", "if", "in", "not", "recursive" -> false;
            default -> true;
          };
      default -> false;
    };
  }

  private Arguments arguments() {
    tokens.expectOperator("(");
    tokens.enter();
    List<TemplateExpression> positional = new ArrayList<>();
    List<TemplateExpression.Named> named = new ArrayList<>();
    while (!tokens.skipOperator(")")) {
      if (!positional.isEmpty() || !named.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.skipOperator(")")) {
          break;
        }
      }
      TemplateToken token = tokens.current();
      if (token.is(Kind.NAME) && tokens.following().isOperator("=")) {
        tokens.next();
        tokens.next();
        named.add(new TemplateExpression.Named(token.text(), expression()));
      } else if (named.isEmpty()) {
        positional.add(expression());
      } else {
        throw tokens.refuse("an argument without a name behind one with a name");
      }
    }
    tokens.leave();
    return new Arguments(positional, named);
  }
}
