package org.xlstm4j.loader.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * Whatever the file, it is read or refused, and what is read works. With {@code JAZZER_FUZZ=1} in
 * the environment Jazzer looks for counterexamples; else it tries those kept.
 */
@Tag("slow")
final class TokenizerReaderFuzzTest {
  private static final String TEXT = "ab  <s> b\u00E9 \uD83D\uDE00\n";

  @FuzzTest
  void isReadOrRefused(byte[] file) throws IOException {
    Tokenizer tokenizer;
    try {
      tokenizer = TokenizerJson.read(file);
    } catch (ModelFormatException e) {
      assertTrue(e.getMessage().indexOf('\n') < 0);
      return;
    }
    assertTrue(tokenizer.vocabularySize() <= file.length);
    int[] ids = tokenizer.encode(TEXT);
    StreamingDecoder decoder = tokenizer.streamingDecoder();
    StringBuilder streamed = new StringBuilder();
    for (int id : ids) {
      streamed.append(decoder.append(id));
    }
    assertEquals(tokenizer.decode(ids), streamed.append(decoder.flush()).toString());
  }
}
