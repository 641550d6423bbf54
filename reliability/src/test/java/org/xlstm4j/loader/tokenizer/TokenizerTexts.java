package org.xlstm4j.loader.tokenizer;

import java.io.IOException;
import java.nio.file.Path;

/** Reads tokenizers from bytes that are in no file. */
public final class TokenizerTexts {
  private TokenizerTexts() {}

  /** Reads a {@code tokenizer.json}. */
  public static Tokenizer read(Path name, byte[] json) throws IOException {
    return TokenizerReader.read(name, json);
  }
}
