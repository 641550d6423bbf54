package org.xlstm4j.cli.serve.language;

import java.util.function.IntPredicate;
import org.xlstm4j.cli.serve.json.Fields;
import org.xlstm4j.cli.serve.json.JsonException;

/** Tokens that a client gives as numbers. */
final class TokenNumbers {
  private TokenNumbers() {}

  /**
   * Reads a list.
   *
   * @param list of the field
   * @param known whether there is such a token
   * @param expected what refusals say
   */
  static int[] read(Fields fields, String name, double[] list, IntPredicate known, String expected)
      throws JsonException {
    int[] tokens = new int[list.length];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = (int) list[i];
      if (tokens[i] != list[i] || !known.test(tokens[i])) {
        throw fields.wrong(name, list[i], expected);
      }
    }
    return tokens;
  }
}
