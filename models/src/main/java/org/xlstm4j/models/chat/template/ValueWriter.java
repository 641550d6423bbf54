package org.xlstm4j.models.chat.template;

import java.util.List;
import java.util.Map;
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

/** Writes values as texts: as Python's {@code str} and {@code repr} do, and as JSON. */
final class ValueWriter {
  private final MarkedText.Builder out = new MarkedText.Builder();
  private final RenderBudget budget;

  private ValueWriter(RenderBudget budget) {
    this.budget = budget;
  }

  /** A value as it is printed. */
  static MarkedText text(TemplateValue value, RenderBudget budget) {
    return switch (value) {
      case Text text -> text.text();
      case Undefined _ -> MarkedText.EMPTY;
      default -> {
        ValueWriter writer = new ValueWriter(budget);
        writer.write(value);
        yield writer.out.build();
      }
    };
  }

  /**
   * A value as JSON.
   *
   * @param indent white space before the elements for each level, or null for one line
   */
  static MarkedText json(TemplateValue value, @Nullable String indent, RenderBudget budget) {
    ValueWriter writer = new ValueWriter(budget);
    writer.writeJson(value, indent, "\n");
    return writer.out.build();
  }

  private void write(TemplateValue value) {
    budget.take(1);
    switch (value) {
      case Text text -> append(PythonText.quoted(text.text()));
      case Undefined _ -> out.append("Undefined");
      case None _ -> out.append("None");
      case Truth truth -> out.append(truth.value() ? "True" : "False");
      case Whole number -> out.append(Long.toString(number.value()));
      case Real number -> out.append(PythonText.real(number.value()));
      case Items items -> writeItems(items);
      case Fields fields -> {
        String before = "{";
        for (Map.Entry<TemplateValue, TemplateValue> entry : fields.values().entrySet()) {
          out.append(before);
          write(entry.getKey());
          out.append(": ");
          write(entry.getValue());
          before = ", ";
        }
        out.append(fields.values().isEmpty() ? "{}" : "}");
      }
      case Namespace _, Attributed _, Callable _ ->
          throw new TemplateException(ValueOperations.kind(value) + " cannot be printed", 0);
    }
  }

  private void writeItems(Items items) {
    out.append(items.tuple() ? "(" : "[");
    List<TemplateValue> values = items.values();
    for (int i = 0; i < values.size(); i++) {
      out.append(i > 0 ? ", " : "");
      write(values.get(i));
    }
    out.append(!items.tuple() ? "]" : values.size() == 1 ? ",)" : ")");
  }

  private void writeJson(TemplateValue value, @Nullable String indent, String line) {
    budget.take(1);
    switch (value) {
      case Text text -> append(PythonText.json(text.text()));
      case None _ -> out.append("null");
      case Truth truth -> out.append(truth.value() ? "true" : "false");
      case Whole number -> out.append(Long.toString(number.value()));
      case Real number -> out.append(PythonText.real(number.value()));
      case Items items -> {
        JsonList list = new JsonList("[", "]", indent, line);
        for (TemplateValue element : items.values()) {
          list.next();
          writeJson(element, indent, list.inner);
        }
        list.end();
      }
      case Fields fields -> {
        JsonList list = new JsonList("{", "}", indent, line);
        for (Map.Entry<TemplateValue, TemplateValue> entry : fields.values().entrySet()) {
          list.next();
          append(PythonText.json(jsonKey(entry.getKey())));
          out.append(": ");
          writeJson(entry.getValue(), indent, list.inner);
        }
        list.end();
      }
      case Undefined _, Namespace _, Attributed _, Callable _ ->
          throw new TemplateException(ValueOperations.kind(value) + " has no form in JSON", 0);
    }
  }

  private MarkedText jsonKey(TemplateValue key) {
    return key instanceof Text text ? text.text() : json(key, null, budget);
  }

  private void append(MarkedText text) {
    budget.take(text.length());
    out.append(text);
  }

  /** The brackets, commas and line ends of a list or an object. */
  private final class JsonList {
    private final String open;
    private final String close;
    private final String separator;
    private final String line;
    private final String inner;
    private boolean empty = true;

    JsonList(String open, String close, @Nullable String indent, String line) {
      this.open = open;
      this.close = close;
      this.line = indent == null ? "" : line;
      inner = line + (indent == null ? "" : indent);
      separator = indent == null ? ", " : "," + inner;
    }

    void next() {
      budget.take(inner.length());
      out.append(!empty ? separator : this.line.isEmpty() ? open : open + inner);
      empty = false;
    }

    void end() {
      out.append(empty ? open + close : line + close);
    }
  }
}
