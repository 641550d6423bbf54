package org.xlstm4j.loader.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
final class TokenizerTest {
  private final TokenizerJson json = new TokenizerJson();

  @Test
  void neoxKnowsItsTokens() throws IOException {
    Tokenizer neox = SampleTokenizers.neox();
    assertEquals(50277, neox.vocabularySize());
    assertEquals("<|endoftext|>", neox.piece(0));
    assertEquals(1, neox.idOf("<|padding|>"));
    assertEquals("Ġt", neox.piece(neox.idOf("Ġt")));
    assertEquals(50276, neox.idOf("  "));
    assertEquals(-1, neox.idOf("no such token"));
    assertTrue(neox.isSpecial(0) && neox.isSpecial(1));
    assertFalse(neox.isSpecial(2) || neox.isSpecial(50276) || neox.isSpecial(50277));
    assertArrayEquals(new byte[] {' ', 't'}, neox.bytes(neox.idOf("Ġt")));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 50277, 50303, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void idsWithoutTokenAreRefused(int id) throws IOException {
    Tokenizer neox = SampleTokenizers.neox();
    assertFalse(neox.contains(id));
    for (Exception refusal :
        List.of(
            assertThrows(IllegalArgumentException.class, () -> neox.decode(new int[] {0, id})),
            assertThrows(IllegalArgumentException.class, () -> neox.piece(id)),
            assertThrows(IllegalArgumentException.class, () -> neox.bytes(id)),
            assertThrows(
                IllegalArgumentException.class, () -> neox.streamingDecoder().append(id)))) {
      assertEquals(
          "token id " + id + " is not in the vocabulary, whose ids are below 50277",
          refusal.getMessage());
    }
  }

  @Test
  void aFolderIsReadAsItsFile() throws IOException {
    assertEquals(8192, Tokenizer.read(SampleTokenizers.MINI).vocabularySize());
    assertEquals(
        8192, Tokenizer.read(SampleTokenizers.MINI.resolve(Tokenizer.FILE_NAME)).vocabularySize());
  }

  @Test
  void loneSurrogatesAreReplaced() throws IOException {
    Tokenizer tokenizer = json.read();
    assertEquals("a\uFFFDb", tokenizer.decode(tokenizer.encode("a\uD83Db")));
    assertEquals("\uFFFD\uFFFD", tokenizer.decode(tokenizer.encode("\uDE00\uD83D")));
    assertEquals("\uD83D\uDE00", tokenizer.decode(tokenizer.encode("\uD83D\uDE00")));
  }

  @Test
  void malformedBytesDecodeAsTheStandardRecommends() throws IOException {
    Tokenizer tokenizer = json.read();
    assertEquals("\uFFFD\uFFFD\uFFFD", decodeBytes(tokenizer, 0xED, 0xA0, 0x80));
    assertEquals("\uFFFDA", decodeBytes(tokenizer, 0xF0, 0x9F, 0x98, 'A'));
    assertEquals("\uFFFD\uFFFD", decodeBytes(tokenizer, 0xC0, 0xAF));
    assertEquals("\uFFFD\uFFFD", decodeBytes(tokenizer, 0xE0, 0x80));
    assertEquals("\uFFFD", decodeBytes(tokenizer, 0xE2, 0x82));
    assertEquals("\uD83D\uDE00", decodeBytes(tokenizer, 0xF0, 0x9F, 0x98, 0x80));
  }

  private static String decodeBytes(Tokenizer tokenizer, int... bytes) {
    int[] ids = new int[bytes.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = tokenizer.idOf(String.valueOf(ByteAlphabet.character(bytes[i])));
    }
    return tokenizer.decode(ids);
  }

  @Test
  void charactersAreHeldBackUntilTheyAreWhole() throws IOException {
    Tokenizer tokenizer = json.read();
    StreamingDecoder decoder = tokenizer.streamingDecoder();
    int[] ids = tokenizer.encode("\uD83D\uDE00x");
    assertEquals("", decoder.append(ids[0]));
    assertEquals("", decoder.append(ids[1]));
    assertEquals("", decoder.append(ids[2]));
    assertEquals("\uD83D\uDE00", decoder.append(ids[3]));
    assertEquals("x", decoder.append(ids[4]));
    assertEquals("", decoder.append(ids[0]));
    assertEquals("\uFFFD", decoder.flush());
    assertEquals("x", decoder.append(ids[4]));
  }

  @Test
  void stretchesBeginWithASpaceIfAsked() throws IOException {
    json.added("<s>");
    Tokenizer tokenizer = json.preTokenizer(TokenizerJson.byteLevel(true, true)).read();
    assertEquals("", tokenizer.decode(tokenizer.encode("")));
    assertEquals(" a<s> b c<s>", tokenizer.decode(tokenizer.encode("a<s> b c<s>")));
  }

  @Test
  void withoutThePatternAStretchIsOneWord() throws IOException {
    int merged = json.merge("a", "Ġ");
    assertArrayEquals(
        new int[] {json.read().idOf("a"), json.read().idOf("Ġ")}, json.read().encode("a "));
    json.preTokenizer(TokenizerJson.byteLevel(false, false));
    assertArrayEquals(new int[] {merged}, json.read().encode("a "));
  }

  @Test
  void wholeTokensAreKeptIfAsked() throws IOException {
    int whole = json.token("Ġabc");
    assertEquals(4, json.read().encode(" abc").length);
    json.modelOptions("\"ignore_merges\": true");
    assertArrayEquals(new int[] {whole}, json.read().encode(" abc"));
    assertEquals(5, json.read().encode(" abcd").length);
  }

  @Test
  void withoutANormalizerTheTextStaysAsItIs() throws IOException {
    Tokenizer tokenizer = json.normalizer("null").read();
    assertEquals("e\u0301", tokenizer.decode(tokenizer.encode("e\u0301")));
  }

  @Test
  void bytesOutsideTheVocabularyAreLost() throws IOException {
    Tokenizer tokenizer = json.without("b").read();
    assertEquals("ac", tokenizer.decode(tokenizer.encode("abc")));
  }

  @Test
  void tokensOutsideTheByteAlphabetDecodeToThemselves() throws IOException {
    int id = json.token("日 é");
    assertEquals("日 é", json.read().decode(new int[] {id}));
  }

  @Test
  void theTemplateStandsAroundTheText() throws IOException {
    json.postProcessor(
        """
        {"type": "Sequence", "processors": [
          {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false},
          {"type": "TemplateProcessing",
           "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
                      {"Sequence": {"id": "A", "type_id": 0}},
                      {"SpecialToken": {"id": "</s>", "type_id": 0}}],
           "pair": [],
           "special_tokens": {
             "<s>": {"id": "<s>", "ids": [7], "tokens": ["<s>"]},
             "</s>": {"id": "</s>", "ids": [8, 9], "tokens": ["a", "b"]}}}]}
        """);
    Tokenizer tokenizer = json.read();
    int a = tokenizer.idOf("a");
    assertArrayEquals(new int[] {7, a, 8, 9}, tokenizer.encode("a"));
    TokenBuffer ids = new TokenBuffer();
    tokenizer.encode("a", ids);
    assertArrayEquals(new int[] {a}, ids.toArray());
    assertArrayEquals(new int[] {a}, tokenizer.encodeAlone("a"));
    assertArrayEquals(new int[] {7}, tokenizer.leadingTokens());
    assertArrayEquals(new int[] {8, 9}, tokenizer.trailingTokens());
  }

  @Test
  void ofTwoMergesOfAPairTheLastCounts() throws IOException {
    json.merge("a", "b");
    json.merge("b", "c");
    json.merge("a", "b");
    Tokenizer tokenizer = json.read();
    assertArrayEquals(
        new int[] {tokenizer.idOf("a"), tokenizer.idOf("bc")}, tokenizer.encode("abc"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", " ", "\n", "=", "\u00E9", "the", "\u4E2D", "\u0301", "\u0301\u0327"})
  void longRunsTakeNoMinutes(String part) throws IOException {
    Tokenizer mini = SampleTokenizers.mini();
    String text = part.repeat(1_000_000 / part.length());
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> assertEquals(Nfc.normalize(text), mini.decode(mini.encode(text))));
  }

  @Test
  void threadsShareATokenizer() throws Exception {
    Tokenizer mini = SampleTokenizers.mini();
    String text = Files.readString(SampleTokenizers.MINI.resolve("heldout_railway_children.txt"));
    int[] expected = SampleTokenizers.mini().encode(text);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<int[]>> results = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        results.add(threads.submit(() -> mini.encode(text)));
      }
      for (Future<int[]> result : results) {
        assertArrayEquals(expected, result.get());
      }
    }
  }
}
