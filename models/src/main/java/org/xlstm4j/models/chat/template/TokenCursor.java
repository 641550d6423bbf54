package org.xlstm4j.models.chat.template;

import java.util.List;
import org.xlstm4j.models.chat.template.TemplateToken.Kind;

/** Goes through the tokens of a template. Not thread-safe. */
final class TokenCursor {
  /** Deepest nesting of statements and expressions. */
  private static final int DEEPEST = 100;

  private final List<TemplateToken> tokens;
  private int position;
  private int depth;

  /** At the first of some tokens, of which the last is {@link Kind#END}. */
  TokenCursor(List<TemplateToken> tokens) {
    this.tokens = tokens;
  }

  TemplateToken current() {
    return tokens.get(position);
  }

  /** The token behind the current one. */
  TemplateToken following() {
    return tokens.get(Math.min(position + 1, tokens.size() - 1));
  }

  /** Goes on and gives the token that was current. */
  TemplateToken next() {
    TemplateToken token = current();
    if (!token.is(Kind.END)) {
      position++;
    }
    return token;
  }

  boolean skipName(String name) {
    boolean there = current().isName(name);
    if (there) {
      next();
    }
    return there;
  }

  boolean skipOperator(String operator) {
    boolean there = current().isOperator(operator);
    if (there) {
      next();
    }
    return there;
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw refuse("expected '" + name + "', found " + current().shown());
    }
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw refuse("expected '" + operator + "', found " + current().shown());
    }
  }

  TemplateToken expect(Kind kind, String shown) {
    if (!current().is(kind)) {
      throw refuse("expected " + shown + ", found " + current().shown());
    }
    return next();
  }

  /** One level deeper; to be followed by {@link #leave}. */
  void enter() {
    if (++depth > DEEPEST) {
      throw refuse("the template is nested too deep");
    }
  }

  /** One level up. */
  void leave() {
    depth--;
  }

  /** What is wrong with the current token. */
  TemplateException refuse(String message) {
    return new TemplateException(message, current().line());
  }
}
