package org.xlstm4j.loader.tokenizer;

import java.text.Normalizer;
import java.util.Arrays;

/**
 * Puts long runs of combining marks in canonical order.
 *
 * <p>Java's normalizer inserts mark by mark and takes a minute for a run of 300 000 marks; a run
 * already in order it takes as it is.
 */
final class CanonicalOrder {
  /** Runs up to this many marks are left to the normalizer. */
  private static final int SHORT_RUN = 64;

  private CanonicalOrder() {}

  /** A text equivalent to {@code text}, with its long runs of marks decomposed and in order. */
  static String ofLongRuns(String text) {
    StringBuilder ordered = null;
    int copied = 0;
    int i = 0;
    while (i < text.length()) {
      int from = i;
      int marks = 0;
      while (i < text.length() && CharacterClass.isMark(text.codePointAt(i))) {
        i += Character.charCount(text.codePointAt(i));
        marks++;
      }
      if (marks > SHORT_RUN) {
        if (ordered == null) {
          ordered = new StringBuilder(text.length());
        }
        appendOrdered(text.substring(from, i), ordered.append(text, copied, from));
        copied = i;
      }
      if (i < text.length()) {
        i += Character.charCount(text.codePointAt(i));
      }
    }
    return ordered == null ? text : ordered.append(text, copied, text.length()).toString();
  }

  private static void appendOrdered(String marks, StringBuilder out) {
    StringBuilder decomposed = new StringBuilder(marks.length());
    marks.codePoints().forEach(mark -> decomposed.append(decompose(Character.toString(mark))));
    int[] run = decomposed.codePoints().toArray();
    int from = 0;
    for (int i = 0; i <= run.length; i++) {
      if (i == run.length || !moves(run[i])) {
        appendSorted(Arrays.copyOfRange(run, from, i), out);
        if (i < run.length) {
          out.appendCodePoint(run[i]);
        }
        from = i + 1;
      }
    }
  }

  /** Appends marks in the order of their combining class, marks of one class as they come. */
  private static void appendSorted(int[] marks, StringBuilder out) {
    int[] distinct = Arrays.stream(marks).distinct().toArray();
    int[] inOrder = decompose(new String(distinct, 0, distinct.length)).codePoints().toArray();
    int from = 0;
    while (from < inOrder.length) {
      int to = from + 1;
      while (to < inOrder.length && staysBefore(inOrder[to], inOrder[from])) {
        to++;
      }
      int[] sameClass = Arrays.copyOfRange(inOrder, from, to);
      Arrays.sort(sameClass);
      for (int mark : marks) {
        if (Arrays.binarySearch(sameClass, mark) >= 0) {
          out.appendCodePoint(mark);
        }
      }
      from = to;
    }
  }

  /** Whether the combining class is not zero: above or below that of one of two known marks. */
  private static boolean moves(int mark) {
    int tildeOverlay = 0x334; // class 1, the lowest
    int iotaSubscript = 0x345; // class 240, the highest
    return !staysBefore(mark, tildeOverlay) || !staysBefore(iotaSubscript, mark);
  }

  /** Whether a mark keeps its place before another. */
  private static boolean staysBefore(int mark, int other) {
    String pair = Character.toString(mark) + Character.toString(other);
    return Normalizer.isNormalized(pair, Normalizer.Form.NFD);
  }

  private static String decompose(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFD);
  }
}
