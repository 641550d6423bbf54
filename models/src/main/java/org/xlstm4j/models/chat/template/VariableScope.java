package org.xlstm4j.models.chat.template;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables of a part of a template, and of what is around it. Not thread-safe. */
final class VariableScope {
  private final @Nullable VariableScope outer;
  private final Map<String, TemplateValue> variables;
  private final int depth;

  private VariableScope(@Nullable VariableScope outer, Map<String, TemplateValue> variables) {
    this.outer = outer;
    this.variables = variables;
    depth = outer == null ? 1 : outer.depth + 1;
  }

  /** The outermost scope. */
  static VariableScope of(Map<String, TemplateValue> variables) {
    return new VariableScope(null, new HashMap<>(variables));
  }

  /** A scope within this one: what is set there is not set here. */
  VariableScope inner() {
    return new VariableScope(this, new HashMap<>());
  }

  /** How many scopes a variable may be looked for in: this one and those around it. */
  int depth() {
    return depth;
  }

  void set(String name, TemplateValue value) {
    variables.put(name, value);
  }

  /** The innermost variable of a name. */
  TemplateValue get(String name) {
    for (VariableScope scope = this; scope != null; scope = scope.outer) {
      TemplateValue value = scope.variables.get(name);
      if (value != null) {
        return value;
      }
    }
    return new TemplateValue.Undefined(name);
  }
}
