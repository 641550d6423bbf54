package org.xlstm4j.models.chat.template;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A template that was parsed. Immutable and thread-safe. */
public final class JinjaTemplate {
  /** Longest source, in characters. */
  public static final int LONGEST = 1 << 20;

  private final List<TemplateNode> nodes;

  private JinjaTemplate(List<TemplateNode> nodes) {
    this.nodes = nodes;
  }

  /**
   * Parses a template.
   *
   * @throws TemplateException if it is malformed, too long, or has what is not supported
   */
  public static JinjaTemplate parse(String source) {
    if (source.length() > LONGEST) {
      throw new TemplateException("a template of more than " + LONGEST + " characters", 0);
    }
    return new JinjaTemplate(TemplateParser.parse(source));
  }

  /**
   * The text that it makes.
   *
   * @param variables by name
   * @param clock for {@code strftime_now}
   * @param characters in the variables, which the work allowed grows with
   * @throws TemplateException if it fails, refuses the variables, or does too much
   */
  public MarkedText render(Map<String, TemplateValue> variables, Clock clock, long characters) {
    RenderBudget budget = new RenderBudget(characters);
    Map<String, TemplateValue> all = new HashMap<>(TemplateFunctions.of(clock, budget));
    all.putAll(variables);
    return new TemplateRenderer(budget).text(nodes, VariableScope.of(all));
  }
}
