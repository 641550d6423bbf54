package org.xlstm4j.loader.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;

/** The heap of candidates against merging step by step. */
final class BytePairEncoderTest {
  @Property
  void tokensAreThoseOfMergingStepByStep(
      @ForAll long seed,
      @ForAll @CharRange(from = 'a', to = 'd') @StringLength(min = 1, max = 80) String word)
      throws IOException {
    Random random = new Random(seed);
    List<String> parts = new ArrayList<>(List.of("a", "b", "c", "d"));
    List<List<String>> merges = new ArrayList<>();
    TokenizerJson json = new TokenizerJson();
    for (int i = 0; i < 25; i++) {
      String left = parts.get(random.nextInt(parts.size()));
      String right = parts.get(random.nextInt(parts.size()));
      if (!merges.contains(List.of(left, right))) {
        merges.add(List.of(left, right));
        json.merge(left, right);
        parts.add(left + right);
      }
    }
    Tokenizer tokenizer = json.read();
    List<String> pieces = new ArrayList<>();
    for (int id : tokenizer.encode(word)) {
      pieces.add(tokenizer.piece(id));
    }
    assertEquals(stepByStep(word, merges), pieces);
  }

  private static List<String> stepByStep(String word, List<List<String>> merges) {
    List<String> pieces = new ArrayList<>(List.of(word.split("")));
    int rank = 0;
    while (rank < merges.size()) {
      int place = indexOf(pieces, merges.get(rank));
      if (place < 0) {
        rank++;
      } else {
        String right = pieces.remove(place + 1);
        pieces.set(place, pieces.get(place) + right);
        rank = 0;
      }
    }
    return pieces;
  }

  private static int indexOf(List<String> pieces, List<String> pair) {
    for (int i = 0; i + 1 < pieces.size(); i++) {
      if (pieces.subList(i, i + 2).equals(pair)) {
        return i;
      }
    }
    return -1;
  }
}
