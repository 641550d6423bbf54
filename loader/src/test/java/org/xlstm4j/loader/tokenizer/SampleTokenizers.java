package org.xlstm4j.loader.tokenizer;

import java.io.IOException;
import java.nio.file.Path;

/** The tokenizers that tests share. */
final class SampleTokenizers {
  static final Path GOLDEN = Path.of(System.getProperty("xlstm4j.golden"), "tokenizer");
  static final Path MINI = Path.of(System.getProperty("xlstm4j.pretrained"), "xlstm-large-mini");

  private SampleTokenizers() {}

  /** That of GPT-NeoX-20B and xLSTM-7B. */
  static Tokenizer neox() throws IOException {
    return Tokenizer.read(GOLDEN.resolve("gpt-neox-20b.tokenizer.json"));
  }

  /** That of the small trained model. */
  static Tokenizer mini() throws IOException {
    return Tokenizer.read(MINI);
  }
}
