package org.xlstm4j.cli.serve.language;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import org.xlstm4j.loader.tokenizer.Tokenizer;

/**
 * The texts of single tokens. Thread-safe.
 *
 * @param tokenizer the model's
 */
record TokenTexts(Tokenizer tokenizer) {
  /** The text of tokens as a reader sees it: special ones have none. */
  String visible(int[] tokens) {
    return tokenizer.decode(
        Arrays.stream(tokens)
            .filter(token -> tokenizer.contains(token) && !tokenizer.isSpecial(token))
            .toArray());
  }

  /** A token's bytes; none if the vocabulary has no such token. */
  byte[] bytes(int token) {
    return tokenizer.contains(token) ? tokenizer.bytes(token) : new byte[0];
  }

  /** A token's text; U+FFFD stands for bytes that are no whole characters. */
  String text(int token) {
    return new String(bytes(token), UTF_8);
  }

  /** A token's text as a key: bytes that are no whole characters are spelled out. */
  String key(int token) {
    byte[] bytes = bytes(token);
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      StringBuilder key = new StringBuilder("bytes:");
      for (byte value : bytes) {
        key.append(String.format("\\x%02x", value));
      }
      return key.toString();
    }
  }
}
