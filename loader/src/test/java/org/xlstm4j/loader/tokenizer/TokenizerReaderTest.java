package org.xlstm4j.loader.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.loader.files.ModelFormatException;

/** Files that are not as they should be: one exception that names the place, and nothing else. */
final class TokenizerReaderTest {
  private final TokenizerJson json = new TokenizerJson();

  TokenizerReaderTest() {
    json.merge("a", "b");
    json.added("<s>", "special");
  }

  private static void assertRefused(String json, String... parts) {
    ModelFormatException refusal =
        assertTimeoutPreemptively(
            Duration.ofSeconds(20),
            () -> assertThrows(ModelFormatException.class, () -> TokenizerJson.read(json)));
    String message = refusal.getMessage();
    assertFalse(message.contains("\n"), message);
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  private void assertReplacementRefused(String old, String replacement, String... parts) {
    assertTrue(json.json().contains(old));
    assertRefused(json.json().replace(old, replacement), parts);
  }

  @Test
  void theFileAsItIsIsRead() throws IOException {
    assertEquals(258, json.read().vocabularySize());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"1.0\"|\"2.0\"|/version",
        "{\"type\": \"NFC\"}|{\"type\": \"NFKC\"}|NFKC",
        "{\"type\": \"NFC\"}|{\"type\": \"Sequence\"}|Sequence",
        "{\"type\": \"NFC\"}|{\"type\": \"NFC\", \"normalizers\": []}|Sequence",
        "\"NFC\"}|\"Sequence\", \"normalizers\": [{\"type\": \"NFD\"}]}|normalizers/0/type",
        "\"NFC\"}|\"Sequence\", \"normalizers\": [{\"type\": \"Sequence\"}]}|normalizers/0/type",
        "{\"type\": \"NFC\"}|{}|\"type\"",
        "{\"type\": \"NFC\"}|{\"type\": \"NFC\", \"more\": 1}|/normalizer/more",
        "{\"type\": \"NFC\"}|[]|/normalizer",
        "\"pre_tokenizer\": {\"type\": \"ByteLevel\"|\"pre_tokenizer\": {\"type\": \"Split\"|Split",
        "\"pre_tokenizer\": {\"type\": \"ByteLevel\", \"add_prefix_space\": false"
            + "|\"pre_tokenizer\": {\"type\": \"ByteLevel\"|add_prefix_space",
        "\"decoder\": {\"type\": \"ByteLevel\"|\"decoder\": {\"type\": \"Metaspace\"|/decoder/type",
        "\"post_processor\": null|\"post_processor\": {\"type\": \"BertProcessing\"}|Bert",
        "\"type\": \"BPE\"|\"type\": \"Unigram\"|Unigram",
        "\"dropout\": null|\"dropout\": 0.1|/model/dropout",
        "\"dropout\": null|\"dropout\": 1e400|/model/dropout",
        "\"dropout\": null|\"dropout\": \"0\"|/model/dropout",
        "\"dropout\": null|\"continuing_subword_prefix\": \"##\"|continuing_subword_prefix",
        "\"dropout\": null|\"end_of_word_suffix\": \"</w>\"|end_of_word_suffix",
        "\"dropout\": null|\"ignore_merges\": 1|/model/ignore_merges",
        "\"dropout\": null|\"fuse_unk\": \"no\"|/model/fuse_unk",
        "\"dropout\": null|\"unheard_of\": null|/model/unheard_of",
        "\"version\"|\"versions\"|/versions",
        "\"single_word\": false|\"single_word\": 0|/added_tokens/0/single_word",
        "\"lstrip\": false, |''|lstrip",
        "\"special\": true|\"special\": true, \"other\": true|/added_tokens/0/other",
        "\"content\": \"<s>\"|\"content\": \"\"|/added_tokens/0/content",
        "\"content\": \"<s>\"|\"content\": \"\\ud800\"|surrogate",
        "\"id\": 257|\"id\": 256|free id 257",
        "\"id\": 257|\"id\": 258|free id 257",
        "\"id\": 257|\"id\": -1|/added_tokens/0/id",
        "\"id\": 257|\"id\": 2147483648|/added_tokens/0/id",
        "\"id\": 257|\"id\": 257.0|/added_tokens/0/id",
        "\"id\": 257|\"id\": \"257\"|/added_tokens/0/id",
        "\"ab\": 256|\"ab\": 255|id 255 twice",
        "\"ab\": 256|\"a\": 256|id 256 twice",
        "\"ab\": 256|\"ab\": -1|/model/vocab/ab",
        "\"ab\": 256|\"ab\": null|/model/vocab/ab",
        "\"ab\": 256|\"ab\": [256]|/model/vocab/ab",
        "\"ab\": 256|\"ab\": 2000000000|/model/vocab/ab",
        "\"ab\": 256|\"ab\": 99999999999999999999|/model/vocab/ab",
        "\"ab\": 256|\"ab\": 1e2|/model/vocab/ab",
        "\"ab\": 256|\"\\udc00\": 256|surrogate",
        "\"ab\": 256|\"abc\": 256|/model/merges/0",
        "[\"a\", \"b\"]|[\"a\", \"bc\"]|/model/merges/0",
        "[\"a\", \"b\"]|[\"a\"]|/model/merges/0",
        "[\"a\", \"b\"]|[\"a\", \"b\", \"c\"]|/model/merges/0",
        "[\"a\", \"b\"]|[\"a\", 5]|/model/merges/0",
        "[\"a\", \"b\"]|\"ab\"|/model/merges/0",
        "[\"a\", \"b\"]|\"a b c\"|/model/merges/0",
        "[\"a\", \"b\"]|\"a  b\"|/model/merges/0",
        "[\"a\", \"b\"]|\"a b\", [\"a\", \"b\"]|/model/merges/1",
        "[\"a\", \"b\"]|[\"a\", \"b\"], \"a b\"|/model/merges/1",
        "[\"a\", \"b\"]|5|/model/merges/0",
        "[\"a\", \"b\"]|null|/model/merges/0",
        "\"merges\": [[\"a\", \"b\"]]|\"merges\": {}|/model/merges",
      })
  void whatIsNotSupportedOrWrongIsRefusedByName(String old, String replacement, String place) {
    assertReplacementRefused(old, replacement, place);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"max_length\": 8, \"strategy\": \"LongestFirst\"}", "{}", "null"})
  void truncationAndPaddingOfATrainingRunAreIgnored(String value) throws IOException {
    String text =
        json.json()
            .replace("\"truncation\": null", "\"truncation\": " + value)
            .replace("\"padding\": null", "\"padding\": " + value);
    assertEquals(21, TokenizerJson.read(text).encode("ba".repeat(20) + "b").length);
  }

  @Test
  void aSequenceOfNormalizersNormalizesOnce() throws IOException {
    json.normalizer("{\"type\": \"Sequence\", \"normalizers\": []}");
    assertEquals(3, json.read().encode("e\u0301").length);
    json.normalizer("{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"NFC\"}]}");
    assertEquals(2, json.read().encode("e\u0301").length);
  }

  @Test
  void keysAreRefusedTwice() {
    assertReplacementRefused("\"padding\"", "\"truncation\"", "/truncation", "twice");
    assertReplacementRefused("\"lstrip\"", "\"rstrip\"", "/added_tokens/0/rstrip", "twice");
    assertReplacementRefused("\"dropout\"", "\"type\"", "/model/type", "twice");
  }

  @Test
  void absentPartsAreNamed() {
    assertRefused("{}", "/model");
    assertReplacementRefused("\"model\": {", "\"model\": {}}", "\"vocab\"");
    String text = json.json();
    assertRefused(
        text.replace("\"decoder\": " + TokenizerJson.byteLevel(true, true) + ",", ""), "/decoder");
    assertRefused(
        text.replace("\"pre_tokenizer\": " + TokenizerJson.byteLevel(false, true) + ",", ""),
        "/pre_tokenizer");
  }

  @Test
  void addedTokensAreDifferent() {
    json.added("<s>");
    assertRefused(json.json(), "/added_tokens", "\"<s>\" twice");
  }

  @Test
  void addedTokensAreShortInAll() throws IOException {
    for (int i = 0; i < 128; i++) {
      json.added("%04d".formatted(i).repeat(256));
    }
    assertRefused(json.json(), "/added_tokens", "at most 131072 characters in all");
  }

  @Test
  void addedTokensAreShortInAllWhenNormalized() throws IOException {
    // in form C these are two characters each
    json.added("\u0958".repeat(65_535), "normalized");
    assertRefused(json.json(), "/added_tokens", "at most 131072 characters in all");
  }

  @Test
  void addedTokensAreDifferentWhenNormalized() {
    json.added("日\u00E9", "normalized");
    json.added("日e\u0301", "normalized");
    assertRefused(json.json(), "/added_tokens", "twice");
  }

  @Test
  void anUnknownTokenIsOfNoAccountWhereAllBytesAreKnown() throws IOException {
    json.modelOptions("\"unk_token\": \"<s>\", \"fuse_unk\": true, \"byte_fallback\": true");
    assertEquals(258, json.read().vocabularySize());
    json.without("z");
    assertRefused(json.json().replace("257", "256"), "/model/byte_fallback", "byte 122");
    json.modelOptions("\"unk_token\": \"<s>\"");
    assertRefused(json.json().replace("257", "256"), "/model/unk_token", "byte 122");
  }

  @Test
  void mergesMayComeFirstAndBeOfTheOlderForm() throws IOException {
    String vocabulary = json.json().replaceAll("(?s).*(\"vocab\": \\{.*}),\\s*\"merges.*", "$1");
    String text =
        json.json()
            .replace(vocabulary + ",", "")
            .replace("[[\"a\", \"b\"]]", "[\"#version: 0.2\", \"a b\"], " + vocabulary);
    assertEquals(1, TokenizerJson.read(text).encode("ab").length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\": \"TemplateProcessing\", \"special_tokens\": {}}",
        "{\"type\": \"TemplateProcessing\", \"single\": [{\"Sequence\": {\"id\": \"A\"}}]}",
        "{\"type\": \"TemplateProcessing\", \"single\": [], \"special_tokens\": {}}",
        "{\"type\": \"TemplateProcessing\", \"single\": [{\"Sequence\": {\"id\": \"B\"}}]}",
        "{\"type\": \"TemplateProcessing\", \"single\": [{\"Other\": {\"id\": \"A\"}}]}",
        "{\"type\": \"TemplateProcessing\", \"special_tokens\": {},"
            + "\"single\": [{\"SpecialToken\": {\"id\": \"x\"}}, {\"Sequence\": {\"id\": \"A\"}}]}",
        "{\"type\": \"TemplateProcessing\", \"special_tokens\": {\"x\": {\"id\": \"y\"}}}",
        "{\"type\": \"TemplateProcessing\", \"special_tokens\": {\"x\": {\"id\": \"x\"}}}",
        "{\"type\": \"TemplateProcessing\", \"special_tokens\": {\"x\": {\"ids\": [-1]}}}",
        "{\"type\": \"TemplateProcessing\", \"special_tokens\": {\"x\": {\"ids\": [258]}},"
            + "\"single\": [{\"SpecialToken\": {\"id\": \"x\"}}, {\"Sequence\": {\"id\": \"A\"}}]}",
        "{\"type\": \"ByteLevel\", \"single\": [{\"Sequence\": {\"id\": \"A\"}}]}",
        "{\"type\": \"ByteLevel\", \"processors\": []}",
        "{\"type\": \"Sequence\"}",
        "{\"type\": \"Sequence\", \"processors\": [{\"type\": \"Sequence\", \"processors\": []}]}",
        "{\"processors\": []}",
        "[]",
      })
  void templatesThatDoNotAddUpAreRefused(String postProcessor) {
    json.postProcessor(postProcessor);
    assertRefused(json.json(), "/post_processor");
  }

  @Test
  void deepNestingIsRefused() {
    String deep = "[".repeat(100_000);
    assertReplacementRefused("\"post_processor\": null", "\"post_processor\": " + deep);
    json.postProcessor("{\"type\": \"TemplateProcessing\", \"pair\": " + deep);
    assertRefused(json.json(), "epth");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "7",
        "\"x\"",
        "{",
        "{}",
        "{]",
        "\u0000",
        "\uFEFF{}",
        "// x"
      })
  void whatIsNoTokenizerIsRefused(String text) {
    assertRefused(text);
  }

  @Test
  void nothingFollows() {
    assertRefused(json.json() + "{}");
    assertRefused(json.json() + "x");
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() {
    byte[] bytes = json.json().getBytes(StandardCharsets.ISO_8859_1);
    assertThrows(ModelFormatException.class, () -> TokenizerJson.read(bytes));
  }

  @Test
  void truncationAnywhereIsRefused() {
    byte[] bytes = json.json().strip().getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length < bytes.length; length++) {
      byte[] truncated = Arrays.copyOf(bytes, length);
      assertThrows(ModelFormatException.class, () -> TokenizerJson.read(truncated));
    }
  }

  @Test
  void flippedBytesAreReadOrRefused() {
    byte[] bytes = json.json().getBytes(StandardCharsets.UTF_8);
    int refused = 0;
    for (int position = 0; position < bytes.length; position++) {
      for (int flip : new int[] {0x01, 0x02, 0x10, 0x20, 0x80, 0xFF}) {
        bytes[position] ^= (byte) flip;
        refused += isRefused(bytes) ? 1 : 0;
        bytes[position] ^= (byte) flip;
      }
    }
    assertTrue(refused > 3 * bytes.length, () -> "few refusals");
  }

  private static boolean isRefused(byte[] bytes) {
    try {
      Tokenizer tokenizer = TokenizerJson.read(bytes);
      String text = "the <s> ab \u00E9";
      tokenizer.decode(tokenizer.encode(text));
      return false;
    } catch (ModelFormatException e) {
      return true;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void messagesNameTheFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve(Tokenizer.FILE_NAME), "{}");
    String message =
        assertThrows(ModelFormatException.class, () -> Tokenizer.read(folder)).getMessage();
    assertTrue(message.startsWith(file + ": /model: expected "), message);
  }

  @Test
  void anAbsentFileIsNoMalformedOne(@TempDir Path folder) {
    assertThrows(NoSuchFileException.class, () -> Tokenizer.read(folder));
  }
}
