package org.xlstm4j.models.chat.template;

import java.util.List;

/** What {@code loop} stands for in the body of a loop. Not thread-safe. */
final class LoopState implements TemplateValue.Attributed {
  private final List<TemplateValue> elements;
  private int index = -1;

  /** Before the first of some elements. */
  LoopState(List<TemplateValue> elements) {
    this.elements = elements;
  }

  /** Goes on to the next element; false if there is none. */
  boolean next() {
    return ++index < elements.size();
  }

  TemplateValue element() {
    return elements.get(index);
  }

  @Override
  public TemplateValue attribute(String name) {
    int last = elements.size() - 1;
    return switch (name) {
      case "index" -> TemplateValue.of(index + 1L);
      case "index0" -> TemplateValue.of((long) index);
      case "revindex" -> TemplateValue.of(last - index + 1L);
      case "revindex0" -> TemplateValue.of((long) last - index);
      case "first" -> TemplateValue.of(index == 0);
      case "last" -> TemplateValue.of(index == last);
      case "length" -> TemplateValue.of(last + 1L);
      case "depth" -> TemplateValue.of(1L); // other loops count only where they are recursive
      case "depth0" -> TemplateValue.of(0L);
      case "previtem" -> index > 0 ? elements.get(index - 1) : new Undefined("loop.previtem");
      case "nextitem" -> index < last ? elements.get(index + 1) : new Undefined("loop.nextitem");
      case "cycle" -> (Callable) this::cycle;
      default -> new Undefined("loop." + name);
    };
  }

  private TemplateValue cycle(TemplateArguments arguments) {
    List<TemplateValue> values = arguments.positional();
    if (values.isEmpty()) {
      throw new TemplateException("nothing to cycle through", 0);
    }
    return values.get(index % values.size());
  }
}
