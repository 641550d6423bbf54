package org.xlstm4j.models.chat.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.chat.template.TemplateNode.Target;
import org.xlstm4j.models.chat.template.TemplateToken.Kind;

/** Parses the statements of a template. */
final class TemplateParser {
  private static final Set<String> RESERVED =
      Set.of(
          "true", "false", "none", "True", "False", "None", "not", "and", "or", "in", "is", "if",
          "else", "elif", "for");

  private final TokenCursor tokens;
  private final ExpressionParser expressions;

  private TemplateParser(TokenCursor tokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens);
  }

  /** The nodes of a source. */
  static List<TemplateNode> parse(String source) {
    TokenCursor tokens = new TokenCursor(TemplateLexer.read(source));
    TemplateParser parser = new TemplateParser(tokens);
    List<TemplateNode> nodes = parser.body(0);
    if (!tokens.current().is(Kind.END)) {
      throw tokens.refuse("unexpected " + tokens.current().shown());
    }
    return nodes;
  }

  /** Nodes up to the name of a statement that none of these begins with, which is current then. */
  private List<TemplateNode> body(int loops) {
    tokens.enter();
    List<TemplateNode> nodes = new ArrayList<>();
    boolean goesOn = true;
    while (goesOn) {
      TemplateToken token = tokens.current();
      switch (token.kind()) {
        case DATA -> {
          tokens.next();
          nodes.add(new TemplateNode.Data(MarkedText.of(token.text())));
        }
        case VARIABLE_BEGIN -> {
          tokens.next();
          nodes.add(new TemplateNode.Output(expressions.tuple()));
          tokens.expect(Kind.VARIABLE_END, "}}");
        }
        case BLOCK_BEGIN -> {
          tokens.next();
          TemplateNode node = statement(loops);
          goesOn = node != null;
          if (node != null) {
            nodes.add(node);
          }
        }
        default -> goesOn = false;
      }
    }
    tokens.leave();
    return nodes;
  }

  /** The statement whose name is current, or null at the end of a body. */
  private @Nullable TemplateNode statement(int loops) {
    TemplateToken name = tokens.current();
    if (!name.is(Kind.NAME)) {
      throw tokens.refuse("expected the name of a statement, found " + name.shown());
    }
    return switch (name.text()) {
      case "if" -> choice(loops);
      case "for" -> loop(loops);
      case "set" -> assignment();
      case "macro" -> macro();
      case "filter" -> filterBlock(loops);
      case "with" -> with(loops);
      case "generation" -> generation(loops);
      case "break", "continue" -> leaveLoop(loops);
      case "elif",
          "else",
          "endif",
          "endfor",
          "endset",
          "endmacro",
          "endfilter",
          "endwith",
          "endgeneration" ->
          null;
      default -> throw tokens.refuse("the statement " + name.shown() + " is not supported");
    };
  }

  private TemplateNode choice(int loops) {
    List<TemplateNode.Branch> branches = new ArrayList<>();
    do {
      tokens.next();
      TemplateExpression condition = expressions.tuple();
      endBlock();
      branches.add(new TemplateNode.Branch(condition, body(loops)));
    } while (tokens.current().isName("elif"));
    return new TemplateNode.Choice(branches, otherwise("endif", loops));
  }

  private List<TemplateNode> otherwise(String end, int loops) {
    List<TemplateNode> nodes = List.of();
    if (tokens.skipName("else")) {
      endBlock();
      nodes = body(loops);
    }
    end(end);
    return nodes;
  }

  private TemplateNode loop(int loops) {
    int line = tokens.next().line();
    Target target = targets(false);
    tokens.expectName("in");
    TemplateExpression values = expressions.tupleWithoutCondition();
    TemplateExpression condition = tokens.skipName("if") ? expressions.expression() : null;
    if (tokens.current().isName("recursive")) {
      throw tokens.refuse("recursive loops are not supported");
    }
    endBlock();
    List<TemplateNode> body = body(loops + 1);
    return new TemplateNode.Loop(target, values, condition, body, otherwise("endfor", loops), line);
  }

  private TemplateNode leaveLoop(int loops) {
    TemplateToken name = tokens.next();
    if (loops == 0) {
      throw tokens.refuse(name.shown() + " outside a loop");
    }
    endBlock();
    return name.text().equals("break") ? new TemplateNode.Break() : new TemplateNode.Continue();
  }

  private TemplateNode assignment() {
    int line = tokens.next().line();
    Target target = targets(true);
    if (tokens.skipOperator("=")) {
      TemplateExpression value = expressions.tuple();
      endBlock();
      return new TemplateNode.Assignment(target, value, line);
    }
    List<TemplateExpression.Step> filters = expressions.filters();
    endBlock();
    List<TemplateNode> body = body(0);
    end("endset");
    return new TemplateNode.Capture(target, new TemplateNode.Filtered(body, filters, line));
  }

  private TemplateNode filterBlock(int loops) {
    int line = tokens.next().line();
    List<TemplateExpression.Step> filters = new ArrayList<>();
    filters.add(expressions.filter());
    filters.addAll(expressions.filters());
    endBlock();
    List<TemplateNode> body = body(loops);
    end("endfilter");
    return new TemplateNode.FilterBlock(new TemplateNode.Filtered(body, filters, line));
  }

  private TemplateNode with(int loops) {
    tokens.next();
    List<TemplateNode.Assignment> assignments = new ArrayList<>();
    while (!tokens.current().is(Kind.BLOCK_END)) {
      if (!assignments.isEmpty()) {
        tokens.expectOperator(",");
      }
      int line = tokens.current().line();
      Target target = target(false);
      tokens.expectOperator("=");
      assignments.add(new TemplateNode.Assignment(target, expressions.expression(), line));
    }
    endBlock();
    List<TemplateNode> body = body(loops);
    end("endwith");
    return new TemplateNode.Scoped(assignments, body);
  }

  /** What marks the assistant's words for training is nothing else here. */
  private TemplateNode generation(int loops) {
    tokens.next();
    endBlock();
    List<TemplateNode> body = body(loops);
    end("endgeneration");
    return new TemplateNode.Scoped(List.of(), body);
  }

  private TemplateNode macro() {
    int line = tokens.next().line();
    String name = variable();
    tokens.expectOperator("(");
    List<TemplateNode.Parameter> parameters = new ArrayList<>();
    while (!tokens.current().isOperator(")")) {
      if (!parameters.isEmpty()) {
        tokens.expectOperator(",");
      }
      String parameter = variable();
      TemplateExpression otherwise = tokens.skipOperator("=") ? expressions.expression() : null;
      if (otherwise == null && !parameters.isEmpty() && parameters.getLast().otherwise() != null) {
        throw tokens.refuse("the parameter " + parameter + " needs a default");
      }
      parameters.add(new TemplateNode.Parameter(parameter, otherwise));
    }
    tokens.next();
    endBlock();
    List<TemplateNode> body = body(0);
    end("endmacro");
    return new TemplateNode.MacroDefinition(name, parameters, body, line);
  }

  private Target targets(boolean withNamespaces) {
    List<Target> targets = new ArrayList<>();
    boolean several = false;
    targets.add(target(withNamespaces));
    while (tokens.skipOperator(",")) {
      several = true;
      if (beginsTarget()) {
        targets.add(target(withNamespaces));
      }
    }
    return several ? new Target.Several(targets) : targets.getFirst();
  }

  private boolean beginsTarget() {
    TemplateToken token = tokens.current();
    return token.isOperator("(") || (token.is(Kind.NAME) && !token.isName("in"));
  }

  private Target target(boolean withNamespaces) {
    if (tokens.skipOperator("(")) {
      tokens.enter();
      Target inner = targets(withNamespaces);
      tokens.leave();
      tokens.expectOperator(")");
      return inner;
    }
    String name = variable();
    if (withNamespaces && tokens.skipOperator(".")) {
      return new Target.Attribute(name, tokens.expect(Kind.NAME, "a name").text());
    }
    return new Target.Variable(name);
  }

  private String variable() {
    String name = tokens.expect(Kind.NAME, "a name").text();
    if (RESERVED.contains(name)) {
      throw tokens.refuse("'" + name + "' cannot be a variable");
    }
    return name;
  }

  private void end(String name) {
    if (!tokens.skipName(name)) {
      throw tokens.refuse("expected " + name + ", found " + tokens.current().shown());
    }
    endBlock();
  }

  private void endBlock() {
    tokens.expect(Kind.BLOCK_END, "%}");
  }
}
