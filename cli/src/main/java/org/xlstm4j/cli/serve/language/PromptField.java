package org.xlstm4j.cli.serve.language;

import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.cli.serve.json.Fields;
import org.xlstm4j.cli.serve.json.JsonException;

/** Reads the prompts of a completion: a text, tokens, or a list of either. */
final class PromptField {
  private static final String NAME = "prompt";

  /** Fields whose values are lists of tokens, or lists of these. */
  static final List<String> NUMBERS = List.of(NAME);

  private static final int MOST_PROMPTS = 32;
  private static final String EXPECTED =
      "a string, a list of strings, a list of tokens or a list of these; at most " + MOST_PROMPTS;

  private PromptField() {}

  /** The prompts' tokens; a text's begin with the begin token, tokens are taken as they are. */
  static List<int[]> read(Fields fields, ServedLanguage model) throws JsonException {
    Object value = fields.value(NAME);
    List<int[]> prompts = new ArrayList<>();
    switch (value) {
      case null -> prompts.add(model.encode("", true));
      case String text -> prompts.add(model.encode(text, true));
      case double[] list -> prompts.add(tokens(list, fields, model));
      case List<?> list when list.size() <= MOST_PROMPTS -> {
        for (Object one : list) {
          if (one instanceof String text) {
            prompts.add(model.encode(text, true));
          } else if (one instanceof double[] inner) {
            prompts.add(tokens(inner, fields, model));
          } else {
            throw fields.wrong(NAME, one, EXPECTED);
          }
        }
      }
      default -> throw fields.wrong(NAME, value, EXPECTED);
    }
    if (prompts.isEmpty()) {
      throw fields.wrong(NAME, value, EXPECTED);
    }
    return prompts;
  }

  private static int[] tokens(double[] list, Fields fields, ServedLanguage model)
      throws JsonException {
    int size = model.vocabularySize();
    return TokenNumbers.read(
        fields, NAME, list, token -> token >= 0 && token < size, "tokens from 0 to " + (size - 1));
  }
}
