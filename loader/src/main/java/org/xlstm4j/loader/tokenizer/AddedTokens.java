package org.xlstm4j.loader.tokenizer;

import java.util.ArrayList;
import java.util.List;

/**
 * The added tokens of a tokenizer, ready to be found; immutable.
 *
 * @param all all of them
 * @param raw those that are looked for in the text as it is
 * @param normalized those that are looked for in the normalized text
 */
record AddedTokens(List<AddedToken> all, AddedTokenTrie raw, AddedTokenTrie normalized) {

  /** Added tokens of which no two of a kind have the same pattern. */
  static AddedTokens of(List<AddedToken> all) {
    List<AddedToken> raw = new ArrayList<>();
    List<AddedToken> normalized = new ArrayList<>();
    for (AddedToken token : all) {
      (token.normalized() ? normalized : raw).add(token);
    }
    return new AddedTokens(all, new AddedTokenTrie(raw), new AddedTokenTrie(normalized));
  }
}
