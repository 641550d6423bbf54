package org.xlstm4j.loader.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Equality with the Hugging Face tokenizers library. */
final class GoldenTokenizerTest {
  private static final JsonFactory JSON = new JsonFactory();

  @ParameterizedTest
  @CsvSource({
    "gpt-neox-20b.tokenizer.json, cases.json, 447",
    "llama-3-like.tokenizer.json, llama-3-like.cases.json, 204",
    "qwen-2.5-like.tokenizer.json, qwen-2.5-like.cases.json, 204",
    "split-behaviors.tokenizer.json, split-behaviors.cases.json, 204",
  })
  void allCasesAreEqual(String file, String texts, int count) throws IOException {
    Tokenizer tokenizer = Tokenizer.read(SampleTokenizers.GOLDEN.resolve(file));
    int cases = 0;
    try (JsonParser json = JSON.createParser(SampleTokenizers.GOLDEN.resolve(texts).toFile())) {
      json.nextToken();
      while (json.nextToken() == JsonToken.START_OBJECT) {
        String text = "";
        String decoded = "";
        int[] ids = {};
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String key = json.currentName();
          json.nextToken();
          switch (key) {
            case "text" -> text = json.getText();
            case "decoded" -> decoded = json.getText();
            case "ids" -> ids = ids(json);
            default -> throw new IOException("key " + key);
          }
        }
        assertArrayEquals(ids, tokenizer.encode(text), text);
        assertEquals(decoded, tokenizer.decode(ids));
        assertEquals(decoded, streamed(tokenizer, ids));
        cases++;
      }
    }
    assertEquals(count, cases);
  }

  @Test
  void promptsOfTheTrainedModelAreEqual() throws IOException {
    Tokenizer tokenizer = SampleTokenizers.mini();
    String prompt = "";
    int prompts = 0;
    int[] greedy = {};
    try (JsonParser json =
        JSON.createParser(SampleTokenizers.MINI.resolve("reference.json").toFile())) {
      while (json.nextToken() != null) {
        if (!json.hasToken(JsonToken.FIELD_NAME)) {
          continue;
        }
        String key = json.currentName();
        json.nextToken();
        switch (key) {
          case "prompt" -> prompt = json.getText();
          case "input_ids" -> {
            IntStream ids = IntStream.of(tokenizer.encode(prompt));
            assertArrayEquals(ids(json), IntStream.concat(IntStream.of(0), ids).toArray(), prompt);
            prompts++;
          }
          case "greedy_ids" -> greedy = ids(json);
          case "greedy_text" -> {
            assertEquals(json.getText(), tokenizer.decode(greedy));
            assertEquals(json.getText(), streamed(tokenizer, greedy));
          }
          default -> {}
        }
      }
    }
    assertEquals(6, prompts);
  }

  @Test
  void heldOutTextHasItsNumberOfTokens() throws IOException {
    String text = Files.readString(SampleTokenizers.MINI.resolve("heldout_railway_children.txt"));
    Tokenizer tokenizer = SampleTokenizers.mini();
    int[] ids = tokenizer.encode(text);
    assertEquals(53481, ids.length);
    assertEquals(text, tokenizer.decode(ids));
  }

  private static int[] ids(JsonParser json) throws IOException {
    TokenBuffer ids = new TokenBuffer();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      ids.add(json.getIntValue());
    }
    return ids.toArray();
  }

  private static String streamed(Tokenizer tokenizer, int[] ids) {
    StreamingDecoder decoder = tokenizer.streamingDecoder();
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(decoder.append(id));
    }
    return text.append(decoder.flush()).toString();
  }
}
