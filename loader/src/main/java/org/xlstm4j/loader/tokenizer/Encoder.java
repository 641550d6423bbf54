package org.xlstm4j.loader.tokenizer;

import java.util.BitSet;
import java.util.List;

/** One run through the stations from text to ids, with its working space. Not thread-safe. */
final class Encoder {
  private final Pipeline pipeline;
  private final WordCache cache;
  private final TokenBuffer out;
  private final BytePairEncoder bytePairs;
  private final Pieces[] pieces;
  private final ByteSequence wordBytes = new ByteSequence();

  Encoder(Pipeline pipeline, WordCache cache, TokenBuffer out) {
    this.pipeline = pipeline;
    this.cache = cache;
    this.out = out;
    bytePairs = new BytePairEncoder(pipeline.model());
    List<Split> splits = pipeline.preTokenizer().splits();
    pieces = new Pieces[splits.size()];
    for (int i = 0; i < pieces.length; i++) {
      pieces[i] = new Pieces(splits.get(i));
    }
  }

  /**
   * Appends the ids of a text; replaces lone surrogates in it by U+FFFD.
   *
   * @param foreign its characters that are not searched for guarded tokens
   */
  void encode(char[] text, BitSet foreign) {
    replaceLoneSurrogates(text);
    AddedTokenTrie.Scan scan = pipeline.added().raw().scan(text, 0, text.length, foreign);
    int from = 0;
    for (AddedToken token = scan.next(); token != null; token = scan.next()) {
      normalize(text, from, scan.start(), foreign);
      out.add(token.id());
      from = scan.end();
    }
    normalize(text, from, text.length, foreign);
  }

  private static void replaceLoneSurrogates(char[] text) {
    for (int i = 0; i < text.length; i++) {
      if (Character.isSurrogate(text[i])) {
        if (i + 1 < text.length && Character.isSurrogatePair(text[i], text[i + 1])) {
          i++;
        } else {
          text[i] = '\uFFFD';
        }
      }
    }
  }

  private void normalize(char[] text, int from, int to, BitSet foreign) {
    if (from >= to) {
      return;
    }
    if (pipeline.normalizes() && !Nfc.isPlain(text, from, to)) {
      BitSet stillForeign = new BitSet();
      char[] normalized = normalizeParts(text, from, to, foreign, stillForeign).toCharArray();
      splitNormalized(normalized, 0, normalized.length, stillForeign);
    } else {
      splitNormalized(text, from, to, foreign);
    }
  }

  /** Foreign parts are normalized by themselves, so they cannot change the text next to them. */
  private static String normalizeParts(
      char[] text, int from, int to, BitSet foreign, BitSet stillForeign) {
    StringBuilder normalized = new StringBuilder();
    int start = from;
    while (start < to) {
      boolean isForeign = foreign.get(start);
      int next = isForeign ? foreign.nextClearBit(start) : foreign.nextSetBit(start);
      int end = next < 0 ? to : Math.min(next, to);
      int position = normalized.length();
      normalized.append(Nfc.normalize(new String(text, start, end - start)));
      stillForeign.set(position, normalized.length(), isForeign);
      start = end;
    }
    return normalized.toString();
  }

  private void splitNormalized(char[] text, int begin, int to, BitSet foreign) {
    AddedTokenTrie.Scan scan = pipeline.added().normalized().scan(text, begin, to, foreign);
    int from = begin;
    for (AddedToken token = scan.next(); token != null; token = scan.next()) {
      split(text, from, scan.start(), 0);
      out.add(token.id());
      from = scan.end();
    }
    split(text, from, to, 0);
  }

  /** Cuts a text by the splits from this one on, each the pieces of the one before. */
  private void split(char[] text, int from, int to, int first) {
    if (first == pieces.length) {
      prefixSpace(text, from, to);
      return;
    }
    Pieces piece = pieces[first];
    piece.reset(text, from, to);
    while (piece.next()) {
      split(text, piece.start(), piece.end(), first + 1);
    }
  }

  private void prefixSpace(char[] text, int from, int to) {
    if (from >= to) {
      return;
    }
    if (pipeline.preTokenizer().byteLevel().prefixesSpace() && text[from] != ' ') {
      char[] prefixed = new char[to - from + 1];
      prefixed[0] = ' ';
      System.arraycopy(text, from, prefixed, 1, to - from);
      splitWords(prefixed, 0, prefixed.length);
    } else {
      splitWords(text, from, to);
    }
  }

  private void splitWords(char[] text, int begin, int to) {
    int from = begin;
    while (from < to) {
      int end =
          pipeline.preTokenizer().byteLevel().splitsWords() ? WordScanner.end(text, from, to) : to;
      encodeWord(text, from, end);
      from = end;
    }
  }

  private void encodeWord(char[] text, int from, int to) {
    if (to - from > WordCache.LONGEST_WORD) {
      mergeWord(text, from, to);
      return;
    }
    int hash = Hashing.of(text, from, to);
    int[] tokens = cache.get(hash, text, from, to);
    if (tokens != null) {
      out.addAll(tokens);
    } else {
      int position = out.size();
      mergeWord(text, from, to);
      cache.put(hash, text, from, to, out.toArray(position));
    }
  }

  private void mergeWord(char[] text, int from, int to) {
    wordBytes.clear();
    wordBytes.addUtf8(text, from, to);
    int whole = pipeline.model().keepsWholeTokens() ? wholeToken() : Vocabulary.NONE;
    if (whole != Vocabulary.NONE) {
      out.add(whole);
    } else {
      bytePairs.encode(wordBytes, out);
    }
  }

  /** The token that is the whole word, if there is one. */
  private int wholeToken() {
    char[] characters = new char[wordBytes.size()];
    for (int i = 0; i < characters.length; i++) {
      characters[i] = ByteAlphabet.character(wordBytes.get(i) & 0xFF);
    }
    return pipeline.model().vocabulary().find(characters, 0, characters.length);
  }
}
