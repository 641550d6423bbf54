package org.xlstm4j.loader.tokenizer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes small tokenizers: the 256 bytes, then what a test adds. */
final class TokenizerJson {
  private static final Path FILE = Path.of("tokenizer.json");

  private final List<String> tokens = new ArrayList<>();
  private final List<String> merges = new ArrayList<>();
  private final List<String> addedTokens = new ArrayList<>();
  private int newTokens;
  private String normalizer = "{\"type\": \"NFC\"}";
  private String preTokenizer = byteLevel(false, true);
  private String postProcessor = "null";
  private String modelOptions = "\"dropout\": null";

  TokenizerJson() {
    for (int value = 0; value < 256; value++) {
      tokens.add(String.valueOf(ByteAlphabet.character(value)));
    }
  }

  static String byteLevel(boolean prefixesSpace, boolean splitsWords) {
    return "{\"type\": \"ByteLevel\", \"add_prefix_space\": %b, \"use_regex\": %b}"
        .formatted(prefixesSpace, splitsWords);
  }

  /** Adds a token and returns its id. */
  int token(String token) {
    tokens.add(token);
    return tokens.size() - 1;
  }

  /** Takes a token away; those after it move up. */
  TokenizerJson without(String token) {
    tokens.remove(token);
    return this;
  }

  /** Adds a merge, and what it gives if that is no token yet; returns the id of that. */
  int merge(String left, String right) {
    merges.add("[%s, %s]".formatted(quote(left), quote(right)));
    int known = tokens.indexOf(left + right);
    return known >= 0 ? known : token(left + right);
  }

  /**
   * Adds a token to be looked for and returns its id: that in the vocabulary, which must be
   * complete, or the next free one.
   *
   * @param flags those that are true, as the file names them
   */
  int added(String content, String... flags) {
    int known = tokens.indexOf(content);
    int id = known >= 0 ? known : tokens.size() + newTokens++;
    StringBuilder json = new StringBuilder("{\"id\": " + id + ", \"content\": " + quote(content));
    List<String> set = List.of(flags);
    for (String flag : List.of("special", "single_word", "lstrip", "rstrip", "normalized")) {
      json.append(", \"").append(flag).append("\": ").append(set.contains(flag));
    }
    addedTokens.add(json.append('}').toString());
    return id;
  }

  TokenizerJson normalizer(String json) {
    normalizer = json;
    return this;
  }

  TokenizerJson preTokenizer(String json) {
    preTokenizer = json;
    return this;
  }

  TokenizerJson postProcessor(String json) {
    postProcessor = json;
    return this;
  }

  TokenizerJson modelOptions(String json) {
    modelOptions = json;
    return this;
  }

  String json() {
    StringBuilder vocabulary = new StringBuilder();
    for (int id = 0; id < tokens.size(); id++) {
      vocabulary.append(id == 0 ? "" : ", ").append(quote(tokens.get(id))).append(": ").append(id);
    }
    return """
        {"version": "1.0", "truncation": null, "padding": null,
         "added_tokens": [%s],
         "normalizer": %s,
         "pre_tokenizer": %s,
         "post_processor": %s,
         "decoder": %s,
         "model": {"type": "BPE", %s,
          "vocab": {%s},
          "merges": [%s]}}
        """
        .formatted(
            String.join(",\n  ", addedTokens),
            normalizer,
            preTokenizer,
            postProcessor,
            byteLevel(true, true),
            modelOptions,
            vocabulary,
            String.join(", ", merges));
  }

  Tokenizer read() throws IOException {
    return read(json());
  }

  static Tokenizer read(String json) throws IOException {
    return read(json.getBytes(StandardCharsets.UTF_8));
  }

  static Tokenizer read(byte[] json) throws IOException {
    return TokenizerReader.read(FILE, json);
  }

  private static String quote(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == '"' || character == '\\' || character < ' ') {
        json.append("\\u%04x".formatted((int) character));
      } else {
        json.append(character);
      }
    }
    return json.append('"').toString();
  }
}
