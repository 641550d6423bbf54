package org.xlstm4j.loader.tokenizer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.xlstm4j.loader.json.JsonCursor;

/** Reads the {@code added_tokens}. */
final class AddedTokensReader {
  /**
   * Most characters of all added tokens: to find them takes about 80 bytes for each. Published
   * tokenizers have thousands of short ones at most.
   */
  private static final int MOST_CHARACTERS = 1 << 17;

  private final JsonCursor json;

  AddedTokensReader(JsonCursor json) {
    this.json = json;
  }

  /** Reads the current array; ids are below {@code idLimit}. */
  List<AddedToken> read(int idLimit) throws IOException {
    List<AddedToken> tokens = new ArrayList<>();
    long characters = 0;
    json.enterArray();
    while (json.nextElement()) {
      AddedToken token = readToken(idLimit);
      characters += token.content().length();
      requireFew(characters);
      tokens.add(token);
    }
    return tokens;
  }

  private AddedToken readToken(int idLimit) throws IOException {
    int id = 0;
    String content = "";
    boolean special = false;
    boolean singleWord = false;
    boolean stripLeft = false;
    boolean stripRight = false;
    boolean normalized = false;
    Set<String> seen = new HashSet<>();
    json.enterObject();
    for (String key = json.nextKey(seen); key != null; key = json.nextKey(seen)) {
      switch (key) {
        case "id" -> id = json.index(idLimit);
        case "content" -> content = readContent();
        case "special" -> special = json.booleanValue();
        case "single_word" -> singleWord = json.booleanValue();
        case "lstrip" -> stripLeft = json.booleanValue();
        case "rstrip" -> stripRight = json.booleanValue();
        case "normalized" -> normalized = json.booleanValue();
        default -> throw json.refuseKey();
      }
    }
    json.requireKeys(
        seen, "id", "content", "special", "single_word", "lstrip", "rstrip", "normalized");
    return new AddedToken(
        id, content, content, special, singleWord, stripLeft, stripRight, normalized);
  }

  private void requireFew(long characters) throws IOException {
    if (characters > MOST_CHARACTERS) {
      throw refuse("tokens of at most " + MOST_CHARACTERS + " characters in all", "more");
    }
  }

  private String readContent() throws IOException {
    String content = json.string();
    if (content.isEmpty()) {
      throw json.refuse("at least one character");
    }
    return content;
  }

  /**
   * Checks added tokens against the model and brings them in the form to look for.
   *
   * @param normalizes whether texts are put in normalization form C
   */
  AddedTokens build(List<AddedToken> tokens, BytePairModel model, boolean normalizes)
      throws IOException {
    List<AddedToken> all = new ArrayList<>();
    Set<String> contents = new HashSet<>();
    Set<String> patterns = new HashSet<>();
    long characters = 0;
    int freeId = model.tokenCount();
    for (AddedToken read : tokens) {
      AddedToken token = normalizes ? read.inFormC() : read;
      characters += token.pattern().length(); // form C may be longer
      requireFew(characters);
      String content = token.content();
      if (!contents.add(content) || (token.normalized() && !patterns.add(token.pattern()))) {
        throw refuse("different tokens", "\"" + content + "\" twice");
      }
      int known = model.vocabulary().find(content.toCharArray(), 0, content.length());
      // The library gives the next free id to a token that the model lacks, whatever the file says.
      int id = known == Vocabulary.NONE ? freeId++ : known;
      if (token.id() != id || (known == Vocabulary.NONE && model.vocabulary().contains(id))) {
        throw refuse("the free id " + id, "id " + token.id() + " for \"" + content + "\"");
      }
      all.add(token);
    }
    return AddedTokens.of(all);
  }

  private IOException refuse(String expected, String found) {
    return json.refuseAt("/added_tokens", expected, found);
  }
}
