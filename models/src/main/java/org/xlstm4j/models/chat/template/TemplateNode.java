package org.xlstm4j.models.chat.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a template outside expressions; immutable. */
sealed interface TemplateNode {
  /** Text as it is. */
  record Data(MarkedText text) implements TemplateNode {}

  /** {@code {{ value }}}. */
  record Output(TemplateExpression value) implements TemplateNode {}

  /** {@code if}; an {@code elif} is an {@code if} in the list. */
  record Choice(List<Branch> branches, List<TemplateNode> otherwise) implements TemplateNode {}

  /** A condition with what it leads to. */
  record Branch(TemplateExpression condition, List<TemplateNode> body) {}

  /** {@code for target in values if condition}, with an {@code else}. */
  record Loop(
      Target target,
      TemplateExpression values,
      @Nullable TemplateExpression condition,
      List<TemplateNode> body,
      List<TemplateNode> otherwise,
      int line)
      implements TemplateNode {}

  /** {@code set target = value}. */
  record Assignment(Target target, TemplateExpression value, int line) implements TemplateNode {}

  /** {@code set target | filters} with a body, whose text is assigned. */
  record Capture(Target target, Filtered body) implements TemplateNode {}

  /** {@code filter name}: a body whose text is filtered. */
  record FilterBlock(Filtered body) implements TemplateNode {}

  /** A body and what is done to its text. */
  record Filtered(List<TemplateNode> body, List<TemplateExpression.Step> filters, int line) {}

  /** {@code with name = value}, or a body with variables of its own. */
  record Scoped(List<Assignment> assignments, List<TemplateNode> body) implements TemplateNode {}

  /** {@code macro name(parameters)}. */
  record MacroDefinition(String name, List<Parameter> parameters, List<TemplateNode> body, int line)
      implements TemplateNode {}

  /** A parameter of a macro. */
  record Parameter(String name, @Nullable TemplateExpression otherwise) {}

  /** {@code break}. */
  record Break() implements TemplateNode {}

  /** {@code continue}. */
  record Continue() implements TemplateNode {}

  /** What a value is assigned to. */
  sealed interface Target {
    /** A variable. */
    record Variable(String name) implements Target {}

    /** An attribute of a namespace. */
    record Attribute(String namespace, String name) implements Target {}

    /** Several, for the elements of a sequence. */
    record Several(List<Target> targets) implements Target {}
  }
}
