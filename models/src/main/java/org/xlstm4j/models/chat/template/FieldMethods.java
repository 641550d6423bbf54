package org.xlstm4j.models.chat.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.chat.template.TemplateValue.Callable;
import org.xlstm4j.models.chat.template.TemplateValue.Fields;

/** The methods that dictionaries have. */
final class FieldMethods {
  private FieldMethods() {}

  /** The method of a name, bound to a dictionary, or null if there is none. */
  static @Nullable Callable find(Fields fields, String name, RenderBudget budget) {
    return switch (name) {
      case "get" ->
          arguments -> {
            TemplateValue value =
                fields.values().get(ValueOperations.key(arguments.get(0, "key"), budget));
            return value != null ? value : arguments.getOr(1, "default", TemplateValue.NONE);
          };
      case "items" -> _ -> items(fields, budget);
      case "keys" -> _ -> TemplateValue.list(ValueOperations.elements(fields, budget));
      case "values" ->
          _ -> {
            budget.make(fields.values().size());
            return TemplateValue.list(new ArrayList<>(fields.values().values()));
          };
      default -> null;
    };
  }

  /** Keys with their values. */
  static TemplateValue items(Fields fields, RenderBudget budget) {
    budget.make(2L * fields.values().size());
    List<TemplateValue> pairs = new ArrayList<>();
    fields.values().forEach((key, value) -> pairs.add(TemplateValue.tuple(List.of(key, value))));
    return TemplateValue.list(pairs);
  }
}
