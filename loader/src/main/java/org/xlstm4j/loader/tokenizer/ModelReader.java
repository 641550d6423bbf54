package org.xlstm4j.loader.tokenizer;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.xlstm4j.loader.json.JsonCursor;

/** Reads the {@code model}: a byte pair encoding. */
final class ModelReader {
  /** Older files may begin with a line of this kind among the merges. */
  private static final String MERGES_HEADER = "#version";

  private final JsonCursor json;
  private final Vocabulary.Builder tokens = new Vocabulary.Builder();
  private final MergeList merges = new MergeList();
  private boolean keepsWholeTokens;

  /** The last key seen that says what to do with bytes that are no token, if it is in force. */
  private String unknownBytes = "";

  ModelReader(JsonCursor json) {
    this.json = json;
  }

  /** Reads the current object; ids are below {@code idLimit}. */
  BytePairModel read(int idLimit) throws IOException {
    Set<String> seen = new HashSet<>();
    json.enterObject();
    for (String key = json.nextKey(seen); key != null; key = json.nextKey(seen)) {
      switch (key) {
        case "type" -> json.requireString("BPE");
        case "vocab" -> readVocabulary(idLimit);
        case "merges" -> readMerges();
        case "ignore_merges" -> keepsWholeTokens = json.flag();
        case "dropout" -> requireNoDropout();
        case "continuing_subword_prefix", "end_of_word_suffix" -> requireNullOrEmpty();
        case "unk_token" -> noteUnknownBytes(key, json.stringOrNull() != null);
        case "fuse_unk" -> json.flag(); // without effect where there is no unk_token
        case "byte_fallback" -> noteUnknownBytes(key, json.flag());
        default -> throw json.refuseKey();
      }
    }
    json.requireKeys(seen, "vocab", "merges");
    return build();
  }

  private void noteUnknownBytes(String key, boolean inForce) {
    if (inForce) {
      unknownBytes = key;
    }
  }

  private void requireNoDropout() throws IOException {
    if (!json.isNull() && json.number() != 0) {
      throw json.refuse("null or 0, as dropout is not supported");
    }
  }

  private void requireNullOrEmpty() throws IOException {
    String text = json.stringOrNull();
    if (text != null && !text.isEmpty()) {
      throw json.refuse("null or \"\", as this is not supported");
    }
  }

  private void readVocabulary(int idLimit) throws IOException {
    json.enterObject();
    while (json.nextEntry()) {
      json.requireWellFormedKey();
      tokens.add(json.text(), json.keyStart(), json.keyStop(), json.index(idLimit));
    }
  }

  /** Merges are all of the form "a b" or all of the form ["a", "b"]. */
  private void readMerges() throws IOException {
    json.enterArray();
    boolean first = true;
    boolean joined = false;
    while (json.nextElement()) {
      if (first) {
        joined = json.isString();
        first = false;
      }
      if (joined) {
        readJoinedMerge();
      } else {
        readMergePair();
      }
    }
  }

  private void readJoinedMerge() throws IOException {
    json.requireString();
    char[] source = json.text();
    int from = json.stringStart();
    int to = json.stringStop();
    if (startsWithHeader(source, from, to)) {
      return;
    }
    int space = from;
    int spaces = 0;
    for (int i = from; i < to; i++) {
      if (source[i] == ' ') {
        space = i;
        spaces++;
      }
    }
    if (spaces != 1) {
      throw json.refuse("two tokens with one space between them");
    }
    merges.addLeft(source, from, space);
    merges.addRight(source, space + 1, to);
  }

  private static boolean startsWithHeader(char[] source, int from, int to) {
    int length = MERGES_HEADER.length();
    return from < to
        && source[from] == MERGES_HEADER.charAt(0)
        && to - from >= length
        && MERGES_HEADER.equals(new String(source, from, length));
  }

  private void readMergePair() throws IOException {
    json.enterArray();
    int parts = 0;
    while (json.nextElement()) {
      json.requireString();
      if (parts == 0) {
        merges.addLeft(json.text(), json.stringStart(), json.stringStop());
      } else if (parts == 1) {
        merges.addRight(json.text(), json.stringStart(), json.stringStop());
      }
      parts++;
    }
    if (parts != 2) {
      throw json.refuse("two tokens", parts + " tokens");
    }
  }

  private BytePairModel build() throws IOException {
    Vocabulary vocabulary = tokens.build(json);
    MergeTable mergeTable = merges.resolve(vocabulary, json);
    BytePairModel model =
        new BytePairModel(vocabulary, tokens.count(), mergeTable, keepsWholeTokens);
    for (int value = 0; value < 256; value++) {
      if (model.byteToken(value) == Vocabulary.NONE && !unknownBytes.isEmpty()) {
        throw json.refuseAt(
            "/model/" + unknownBytes,
            "null or false, or all 256 bytes in the vocabulary",
            "a vocabulary without byte " + value);
      }
    }
    return model;
  }
}
