package org.xlstm4j.loader.tokenizer;

import java.util.Arrays;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.json.JsonCursor;

/** The merges of a file in their order, best first, as texts: the file may bring them first. */
final class MergeList {
  /** Merges that even the smallest vocabulary may have. */
  private static final long FEW = 1024;

  /** Most merges for each token; published tokenizers have up to 2.2. */
  private static final long PER_TOKEN = 4;

  private char[] text = new char[1024];

  /** Merge i: left from rightEnd[i - 1] to leftEnd[i], right from there to rightEnd[i]. */
  private int[] leftEnd = new int[256];

  private int[] rightEnd = new int[256];
  private int characters;
  private int count;

  /** Adds the left token of a merge, {@code source[from..to)}; the right one must follow. */
  void addLeft(char[] source, int from, int to) {
    if (count == leftEnd.length) {
      leftEnd = Arrays.copyOf(leftEnd, 2 * count);
      rightEnd = Arrays.copyOf(rightEnd, 2 * count);
    }
    append(source, from, to);
    leftEnd[count] = characters;
  }

  /** Adds the right token of a merge. */
  void addRight(char[] source, int from, int to) {
    append(source, from, to);
    rightEnd[count++] = characters;
  }

  private void append(char[] source, int from, int to) {
    int length = to - from;
    if (characters + length > text.length) {
      text = Arrays.copyOf(text, Math.max(characters + length, 2 * text.length));
    }
    System.arraycopy(source, from, text, characters, length);
    characters += length;
  }

  /**
   * Looks all tokens up; those merged and those that result must be in the vocabulary.
   *
   * @param json the cursor that refuses
   */
  MergeTable resolve(Vocabulary vocabulary, JsonCursor json) throws ModelFormatException {
    long most = FEW + PER_TOKEN * vocabulary.size();
    if (count > most) {
      throw json.refuseAt("/model/merges", "at most " + most + " merges", count + " of them");
    }
    MergeTable table = new MergeTable(count);
    int from = 0;
    for (int rank = 0; rank < count; rank++) {
      int middle = leftEnd[rank];
      int to = rightEnd[rank];
      int left = vocabulary.find(text, from, middle);
      int right = vocabulary.find(text, middle, to);
      int merged = vocabulary.find(text, from, to);
      if (left == Vocabulary.NONE || right == Vocabulary.NONE || merged == Vocabulary.NONE) {
        String parts = "\"" + text(from, middle) + "\" and \"" + text(middle, to) + "\"";
        throw json.refuseAt(
            "/model/merges/" + rank, "two tokens of the vocabulary whose whole is one too", parts);
      }
      table.put(left, right, rank, merged);
      from = to;
    }
    return table;
  }

  private String text(int from, int to) {
    return new String(text, from, to - from);
  }
}
