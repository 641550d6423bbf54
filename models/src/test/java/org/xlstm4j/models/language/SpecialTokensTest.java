package org.xlstm4j.models.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tokenizer.Tokenizer;

/** A vocabulary of a, b, <|endoftext|> (2), <s> (3) and a chat's end mark (4). */
class SpecialTokensTest {
  private static final String NO_TEMPLATE = "null";
  private static final String TEMPLATE =
      """
      {"type": "TemplateProcessing",
       "single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {"id": "A"}},
                  {"SpecialToken": {"id": "<|endoftext|>"}}],
       "special_tokens": {"<s>": {"id": "<s>", "ids": [3]},
                          "<|endoftext|>": {"id": "<|endoftext|>", "ids": [2]}}}
      """;

  @TempDir private Path folder;

  private SpecialTokens read(String config, String generation, String template) throws IOException {
    return read(config, generation, template, "<|endoftext|>");
  }

  private SpecialTokens read(String config, String generation, String template, String endOfText)
      throws IOException {
    Files.writeString(folder.resolve("config.json"), config);
    if (!generation.isEmpty()) {
      Files.writeString(folder.resolve("generation_config.json"), generation);
    }
    Files.writeString(
        folder.resolve(Tokenizer.FILE_NAME),
        """
        {"version": "1.0", "added_tokens": [%s, %s, %s],
         "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
         "post_processor": %s,
         "decoder": {"type": "ByteLevel", "add_prefix_space": false},
         "model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []}}
        """
            .formatted(
                added(2, endOfText, true),
                added(3, "<s>", true),
                added(4, "<|im_end|>", false),
                template));
    return SpecialTokens.read(folder, Tokenizer.read(folder), 5);
  }

  private static String added(int id, String content, boolean special) {
    return """
        {"id": %d, "content": "%s", "special": %b, "single_word": false, "lstrip": false,
         "rstrip": false, "normalized": false}"""
        .formatted(id, content, special);
  }

  @Test
  void endTokensAreANumberOrAList() throws IOException {
    assertEquals(Set.of(2, 3), read("{\"eos_token_id\": 3}", "", NO_TEMPLATE).ends());
    assertEquals(Set.of(2, 3, 4), read("{\"eos_token_id\": [3, 4]}", "", NO_TEMPLATE).ends());
    assertEquals(Set.of(2), read("{\"eos_token_id\": []}", "", NO_TEMPLATE).ends());
    assertEquals(Set.of(2), read("{\"eos_token_id\": null}", "", NO_TEMPLATE).ends());
    assertEquals(Set.of(2), read("{}", "", NO_TEMPLATE).ends());
  }

  @Test
  void theGenerationConfigurationGoesFirst() throws IOException {
    SpecialTokens tokens =
        read(
            "{\"bos_token_id\": 2, \"eos_token_id\": 3}",
            "{\"bos_token_id\": 3, \"eos_token_id\": [4]}",
            NO_TEMPLATE);
    assertEquals(List.of(3), tokens.begin());
    assertEquals(Set.of(2, 4), tokens.ends());
    SpecialTokens silent = read("{\"bos_token_id\": 3, \"eos_token_id\": 3}", "{}", NO_TEMPLATE);
    assertEquals(List.of(3), silent.begin());
    assertEquals(Set.of(2, 3), silent.ends());
  }

  @Test
  void ordinaryTokensNeitherBeginNorEnd() throws IOException {
    SpecialTokens tokens =
        read("{\"bos_token_id\": 1, \"eos_token_id\": [1, 77]}", "", NO_TEMPLATE);
    assertEquals(List.of(2), tokens.begin());
    assertEquals(Set.of(2), tokens.ends());
  }

  @Test
  void whatTheTokenizerAddsItselfIsTheBegin() throws IOException {
    SpecialTokens tokens = read("{\"bos_token_id\": 2}", "", TEMPLATE);
    assertEquals(List.of(3), tokens.begin());
    assertEquals(Set.of(2), tokens.ends());
  }

  @Test
  void withoutAnEndOfTextTheConfiguredBeginOrTokenZeroBegins() throws IOException {
    SpecialTokens configured = read("{\"bos_token_id\": 1}", "", NO_TEMPLATE, "<eot>");
    assertEquals(List.of(1), configured.begin());
    assertTrue(configured.ends().isEmpty());
    assertEquals(List.of(0), read("{}", "", NO_TEMPLATE, "<eot>").begin());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"</s>\"", "[\"</s>\"]", "-2", "1.5", "true", "{}"})
  void endTokensAreIds(String value) {
    String config = "{\"eos_token_id\": " + value + "}";
    ModelFormatException refused =
        assertThrows(ModelFormatException.class, () -> read(config, "", NO_TEMPLATE));
    assertTrue(refused.getMessage().contains("eos_token_id"), refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"5", "-2", "'\"<s>\"'"})
  void theBeginTokenIsOneOfTheModel(String value) {
    String config = "{\"bos_token_id\": " + value + "}";
    ModelFormatException refused =
        assertThrows(ModelFormatException.class, () -> read(config, "", NO_TEMPLATE));
    assertTrue(refused.getMessage().contains("bos_token_id"), refused.getMessage());
  }

  @Test
  void aTextHasABegin() {
    assertThrows(IllegalArgumentException.class, () -> new SpecialTokens(List.of(), Set.of()));
  }
}
