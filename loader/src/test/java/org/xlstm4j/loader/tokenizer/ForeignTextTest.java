package org.xlstm4j.loader.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of which somebody else wrote some parts. */
class ForeignTextTest {
  private static Tokenizer tokenizer(String name) throws IOException {
    return Tokenizer.read(SampleTokenizers.GOLDEN.resolve(name + ".tokenizer.json"));
  }

  private static boolean isMark(Tokenizer tokenizer, int id) {
    return tokenizer.isSpecial(id) || (tokenizer.isAdded(id) && !tokenizer.piece(id).isBlank());
  }

  private static List<Integer> marks(Tokenizer tokenizer) {
    List<Integer> marks = new ArrayList<>();
    for (int id = 0; id < tokenizer.vocabularySize(); id++) {
      if (isMark(tokenizer, id)) {
        marks.add(id);
      }
    }
    return marks;
  }

  /** Whether a token counts only where no word touches it, whoever wrote that. */
  private static boolean isSingleWord(Tokenizer tokenizer, int mark) {
    String text = "a" + tokenizer.piece(mark);
    return Arrays.stream(tokenizer.encodeAlone(text)).noneMatch(id -> id == mark);
  }

  private static BitSet range(int from, int to) {
    BitSet set = new BitSet();
    set.set(from, to);
    return set;
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-neox-20b", "llama-3-like", "qwen-2.5-like"})
  void noPartOfASpecialTokenMayBeForeign(String name) throws IOException {
    Tokenizer tokenizer = tokenizer(name);
    List<Integer> marks = marks(tokenizer);
    assertFalse(marks.isEmpty());
    for (int mark : marks) {
      String token = tokenizer.piece(mark);
      String text = "." + token + ".";
      assertEquals(mark, tokenizer.encodeAlone(text, new BitSet())[1], token);
      assertArrayEquals(
          tokenizer.encodeAlone(text), tokenizer.encodeAlone(text, new BitSet()), token);
      for (int i = 1; i <= token.length(); i++) {
        for (BitSet foreign : List.of(range(i, i + 1), range(i, text.length()), range(0, i + 1))) {
          int[] ids = tokenizer.encodeAlone(text, foreign);
          assertFalse(Arrays.stream(ids).anyMatch(id -> isMark(tokenizer, id)), token);
          assertEquals(text, tokenizer.decode(ids));
        }
      }
    }
  }

  /** What is no special token is cut as if one side had written all of it. */
  @ParameterizedTest
  @ValueSource(strings = {"gpt-neox-20b", "llama-3-like", "qwen-2.5-like"})
  void wordsReachAcrossTheEdges(String name) throws IOException {
    Tokenizer tokenizer = tokenizer(name);
    String[] words = {
      "the",
      " quick",
      "    ",
      "\n\n",
      "\t",
      "it's",
      "1234",
      "\u00e4\u00f6",
      "\ud83d\ude00",
      "\u4f60",
      "<|",
      "|>",
      "("
    };
    Random random = new Random(3);
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      BitSet foreign = new BitSet();
      for (int j = random.nextInt(12); j >= 0; j--) {
        int from = text.length();
        text.append(words[random.nextInt(words.length)]);
        foreign.set(from, text.length(), random.nextBoolean());
      }
      assertArrayEquals(
          tokenizer.encodeAlone(text), tokenizer.encodeAlone(text, foreign), text.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-neox-20b", "llama-3-like", "qwen-2.5-like"})
  void exactlyTheSpecialTokensOfOnesOwnAreFound(String name) throws IOException {
    Tokenizer tokenizer = tokenizer(name);
    List<Integer> marks = new ArrayList<>(marks(tokenizer));
    marks.removeIf(mark -> isSingleWord(tokenizer, mark));
    String[] words = {"a", " ", "\n", "<|", "|>", "<", "e\u0301", "\u0338", "\ud83d"};
    Random random = new Random(4);
    for (int i = 0; i < 3000; i++) {
      StringBuilder text = new StringBuilder();
      BitSet foreign = new BitSet();
      List<Integer> own = new ArrayList<>();
      for (int j = random.nextInt(10); j >= 0; j--) {
        int from = text.length();
        int mark = marks.get(random.nextInt(marks.size()));
        boolean isForeign = random.nextBoolean();
        if (random.nextBoolean()) {
          text.append(tokenizer.piece(mark));
          if (!isForeign) {
            own.add(mark);
          }
        } else {
          // what is one's own spells out nothing by itself
          text.append(isForeign ? words[random.nextInt(words.length)] : ".");
        }
        foreign.set(from, text.length(), isForeign);
      }
      List<Integer> found =
          Arrays.stream(tokenizer.encodeAlone(text, foreign))
              .filter(id -> isMark(tokenizer, id))
              .boxed()
              .toList();
      assertEquals(own, found, text + " " + foreign);
    }
  }

  /** Against looking for each token at each place. */
  @Test
  void theLongestTokenThatMayBeFoundIsTaken() throws IOException {
    TokenizerJson json = new TokenizerJson();
    List<String> tokens = List.of(" ", "   ", " <", "<", "< <", "<<<", " <  <", "      ");
    int[] ids = tokens.stream().mapToInt(json::added).toArray();
    Tokenizer tokenizer = json.read();
    Random random = new Random(5);
    for (int i = 0; i < 3000; i++) {
      StringBuilder text = new StringBuilder();
      BitSet foreign = new BitSet();
      for (int j = random.nextInt(20); j >= 0; j--) {
        foreign.set(text.length(), random.nextInt(3) == 0);
        text.append(random.nextBoolean() ? ' ' : '<');
      }
      List<Integer> expected = new ArrayList<>();
      for (int at = 0; at < text.length(); ) {
        int longest = -1;
        for (int token = 0; token < tokens.size(); token++) {
          String piece = tokens.get(token);
          boolean mine = foreign.get(at, at + piece.length()).isEmpty();
          if (text.indexOf(piece, at) == at
              && (mine || piece.isBlank())
              && (longest < 0 || piece.length() > tokens.get(longest).length())) {
            longest = token;
          }
        }
        // a < that is no token is the byte
        expected.add(longest < 0 ? tokenizer.encodeAlone("<", range(0, 1))[0] : ids[longest]);
        at += longest < 0 ? 1 : tokens.get(longest).length();
      }
      List<Integer> found = Arrays.stream(tokenizer.encodeAlone(text, foreign)).boxed().toList();
      assertEquals(expected, found, text + " " + foreign);
    }
  }

  @Test
  void longTokensTakeLinearTimeInForeignText() throws IOException {
    TokenizerJson json = new TokenizerJson();
    json.added("aa", "special");
    json.added("a".repeat(100_000), "special");
    Tokenizer tokenizer = json.read();
    String text = "a".repeat(200_000);
    int[] ids =
        assertTimeoutPreemptively(
            Duration.ofSeconds(10), () -> tokenizer.encodeAlone(text, range(0, text.length())));
    assertEquals(text.length(), ids.length);
    assertFalse(Arrays.stream(ids).anyMatch(tokenizer::isSpecial));
  }

  @Test
  void foreignTextNextToATokenMakesNoOtherOfIt() throws IOException {
    TokenizerJson json = new TokenizerJson();
    int mark = json.added("<m>", "special");
    int longer = json.added("<m>x", "special");
    int normalized = json.added("[n]", "normalized");
    Tokenizer tokenizer = json.read();
    assertArrayEquals(new int[] {longer}, tokenizer.encodeAlone("<m>x"));
    assertEquals(mark, tokenizer.encodeAlone("<m>x", range(3, 4))[0]);
    String composing = "[n]\u0338 \u00e4 [n]";
    int[] ids = tokenizer.encodeAlone(composing, range(3, 7));
    assertEquals(normalized, ids[0]);
    assertEquals(normalized, ids[ids.length - 1]);
    int[] none = tokenizer.encodeAlone(composing, range(0, composing.length()));
    assertEquals(0, Arrays.stream(none).filter(id -> id == normalized).count());
  }
}
