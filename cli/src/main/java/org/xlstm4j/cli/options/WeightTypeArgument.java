package org.xlstm4j.cli.options;

import java.util.List;
import java.util.Locale;
import org.xlstm4j.engine.WeightType;

/** The argument of {@code --type}: one of the types that a command can make. */
public final class WeightTypeArgument {
  private final List<WeightType> choices;

  /** One of these types, in the order in which messages list them; at least two. */
  public WeightTypeArgument(WeightType... choices) {
    this.choices = List.of(choices);
  }

  /**
   * The type of this name, in letters of either case.
   *
   * @throws UsageException if it is none of the choices
   */
  public WeightType parse(String name) {
    return WeightType.labeled(name.toLowerCase(Locale.ROOT))
        .filter(choices::contains)
        .orElseThrow(() -> new UsageException("--type is " + name + ", expected " + names()));
  }

  /** The choices, as in {@code bf16, q8 or q4}. */
  public String names() {
    List<String> names = choices.stream().map(WeightType::label).toList();
    int last = names.size() - 1;
    return String.join(", ", names.subList(0, last)) + " or " + names.get(last);
  }
}
