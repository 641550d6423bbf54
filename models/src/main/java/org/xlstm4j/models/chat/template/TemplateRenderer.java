package org.xlstm4j.models.chat.template;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.xlstm4j.models.chat.template.TemplateNode.Target;
import org.xlstm4j.models.chat.template.TemplateValue.Callable;
import org.xlstm4j.models.chat.template.TemplateValue.Namespace;

/** Executes the nodes of a template. Not thread-safe. */
final class TemplateRenderer {
  private final RenderBudget budget;
  private final TemplateEvaluator evaluator;

  TemplateRenderer(RenderBudget budget) {
    this.budget = budget;
    evaluator = new TemplateEvaluator(budget);
  }

  /** How a body ended. */
  private enum Flow {
    NORMAL,
    BREAK,
    CONTINUE
  }

  /** The text of some nodes. */
  MarkedText text(List<TemplateNode> nodes, VariableScope scope) {
    MarkedText.Builder out = new MarkedText.Builder();
    render(nodes, scope, out);
    return out.build();
  }

  private Flow render(List<TemplateNode> nodes, VariableScope scope, MarkedText.Builder out) {
    budget.enter();
    Flow flow = Flow.NORMAL;
    for (int i = 0; i < nodes.size() && flow == Flow.NORMAL; i++) {
      budget.take(1);
      flow = render(nodes.get(i), scope, out);
    }
    budget.leave();
    return flow;
  }

  private Flow render(TemplateNode node, VariableScope scope, MarkedText.Builder out) {
    switch (node) {
      case TemplateNode.Data data -> append(data.text(), out);
      case TemplateNode.Output output -> {
        TemplateValue value = evaluator.evaluate(output.value(), scope);
        append(at(output.value().line(), () -> ValueWriter.text(value, budget)), out);
      }
      case TemplateNode.Choice choice -> {
        return render(chosen(choice, scope), scope, out);
      }
      case TemplateNode.Loop loop -> {
        return loop(loop, scope, out);
      }
      case TemplateNode.Assignment assignment ->
          assign(
              assignment.target(),
              evaluator.evaluate(assignment.value(), scope),
              scope,
              assignment.line());
      case TemplateNode.Capture capture ->
          assign(capture.target(), filtered(capture.body(), scope), scope, capture.body().line());
      case TemplateNode.FilterBlock block -> {
        TemplateValue value = filtered(block.body(), scope);
        append(at(block.body().line(), () -> ValueWriter.text(value, budget)), out);
      }
      case TemplateNode.Scoped scoped -> {
        VariableScope inner = scope.inner();
        for (TemplateNode.Assignment assignment : scoped.assignments()) {
          // values are of the scope around
          TemplateValue value = evaluator.evaluate(assignment.value(), scope);
          assign(assignment.target(), value, inner, assignment.line());
        }
        return render(scoped.body(), inner, out);
      }
      case TemplateNode.MacroDefinition macro ->
          scope.set(macro.name(), (Callable) arguments -> call(macro, arguments, scope));
      case TemplateNode.Break _ -> {
        return Flow.BREAK;
      }
      case TemplateNode.Continue _ -> {
        return Flow.CONTINUE;
      }
    }
    return Flow.NORMAL;
  }

  private void append(MarkedText text, MarkedText.Builder out) {
    budget.take(text.length());
    out.append(text);
  }

  /** Something that may fail. */
  private interface Part<T> {
    T get();
  }

  /** Says in which line something failed. */
  private static <T> T at(int line, Part<T> part) {
    try {
      return part.get();
    } catch (TemplateException e) {
      throw e.at(line);
    }
  }

  private List<TemplateNode> chosen(TemplateNode.Choice choice, VariableScope scope) {
    for (TemplateNode.Branch branch : choice.branches()) {
      if (ValueOperations.isTrue(evaluator.evaluate(branch.condition(), scope))) {
        return branch.body();
      }
    }
    return choice.otherwise();
  }

  private Flow loop(TemplateNode.Loop loop, VariableScope scope, MarkedText.Builder out) {
    TemplateValue values = evaluator.evaluate(loop.values(), scope);
    List<TemplateValue> elements =
        at(loop.line(), () -> selected(loop, ValueOperations.elements(values, budget), scope));
    LoopState state = new LoopState(elements);
    boolean none = true;
    boolean left = false;
    while (!left && state.next()) {
      VariableScope inner = scope.inner();
      inner.set("loop", state);
      assign(loop.target(), state.element(), inner, loop.line());
      Flow flow = render(loop.body(), inner, out);
      none &= flow != Flow.NORMAL;
      left = flow == Flow.BREAK;
    }
    // as in the original, a body that was left each time counts as none
    return none ? render(loop.otherwise(), scope, out) : Flow.NORMAL;
  }

  private List<TemplateValue> selected(
      TemplateNode.Loop loop, List<TemplateValue> elements, VariableScope scope) {
    if (loop.condition() == null) {
      return elements;
    }
    List<TemplateValue> selected = new ArrayList<>();
    for (TemplateValue element : elements) {
      VariableScope inner = scope.inner();
      assign(loop.target(), element, inner, loop.line());
      if (ValueOperations.isTrue(evaluator.evaluate(loop.condition(), inner))) {
        selected.add(element);
      }
    }
    return selected;
  }

  private TemplateValue filtered(TemplateNode.Filtered filtered, VariableScope scope) {
    TemplateValue text = TemplateValue.of(text(filtered.body(), scope.inner()));
    return at(filtered.line(), () -> evaluator.steps(text, filtered.filters(), scope));
  }

  private void assign(Target target, TemplateValue value, VariableScope scope, int line) {
    switch (target) {
      case Target.Variable variable -> scope.set(variable.name(), value);
      case Target.Attribute attribute -> {
        if (!(scope.get(attribute.namespace()) instanceof Namespace namespace)) {
          throw new TemplateException("'" + attribute.namespace() + "' is no namespace", line);
        }
        namespace.attributes().put(attribute.name(), value);
      }
      case Target.Several several -> {
        List<TemplateValue> values = at(line, () -> ValueOperations.elements(value, budget));
        List<Target> targets = several.targets();
        if (values.size() != targets.size()) {
          throw new TemplateException(
              "expected " + targets.size() + " values, found " + values.size(), line);
        }
        for (int i = 0; i < values.size(); i++) {
          assign(targets.get(i), values.get(i), scope, line);
        }
      }
    }
  }

  private TemplateValue call(
      TemplateNode.MacroDefinition macro, TemplateArguments arguments, VariableScope scope) {
    List<TemplateNode.Parameter> parameters = macro.parameters();
    budget.take(parameters.size());
    Set<String> names = new HashSet<>();
    VariableScope inner = scope.inner();
    for (int i = 0; i < parameters.size(); i++) {
      TemplateNode.Parameter parameter = parameters.get(i);
      names.add(parameter.name());
      TemplateValue given = arguments.find(i, parameter.name());
      inner.set(parameter.name(), given != null ? given : otherwise(parameter, inner));
    }
    if (arguments.positional().size() > parameters.size()
        || !names.containsAll(arguments.named().keySet())) {
      throw new TemplateException("too many arguments for " + macro.name(), 0);
    }
    return TemplateValue.of(text(macro.body(), inner));
  }

  private TemplateValue otherwise(TemplateNode.Parameter parameter, VariableScope scope) {
    return parameter.otherwise() == null
        ? new TemplateValue.Undefined(parameter.name())
        : evaluator.evaluate(parameter.otherwise(), scope);
  }
}
