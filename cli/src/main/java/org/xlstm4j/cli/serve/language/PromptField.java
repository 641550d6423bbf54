package org.xlstm4j.cli.serve.language;

import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.cli.serve.json.Fields;
import org.xlstm4j.cli.serve.json.JsonException;

/** Reads the prompts of a completion: a text, tokens, or a list of either. */
final class PromptField {
  private static final String NAME = "prompt";
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
      case List<?> list when isTokens(list) -> prompts.add(tokens(list, fields, model));
      case List<?> list when list.size() <= MOST_PROMPTS -> {
        for (Object one : list) {
          if (one instanceof String text) {
            prompts.add(model.encode(text, true));
          } else if (one instanceof List<?> inner && isTokens(inner)) {
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

  private static boolean isTokens(List<?> list) {
    return !list.isEmpty() && list.stream().allMatch(Long.class::isInstance);
  }

  private static int[] tokens(List<?> list, Fields fields, ServedLanguage model)
      throws JsonException {
    int[] tokens = new int[list.size()];
    for (int i = 0; i < tokens.length; i++) {
      long token = (Long) list.get(i);
      if (token < 0 || token >= model.vocabularySize()) {
        throw fields.wrong(NAME, token, "tokens from 0 to " + (model.vocabularySize() - 1));
      }
      tokens[i] = (int) token;
    }
    return tokens;
  }
}
