package org.xlstm4j.loader.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Text to token ids and back, exactly as the Hugging Face tokenizers library does it for byte-level
 * byte pair encoding.
 *
 * <p>Immutable and safe for use by any number of threads.
 */
public final class Tokenizer {
  /** The name of the file in a model's folder. */
  public static final String FILE_NAME = "tokenizer.json";

  private final Pipeline pipeline;
  private final Template template;
  private final Vocabulary vocabulary;
  private final Map<String, AddedToken> addedByContent = new HashMap<>();
  private final boolean[] added;
  private final boolean[] special;
  private final WordCache cache = new WordCache();

  Tokenizer(Pipeline pipeline, Template template) {
    this.pipeline = pipeline;
    this.template = template;
    List<AddedToken> addedTokens = pipeline.added().all();
    vocabulary = pipeline.model().vocabulary().with(addedTokens);
    added = new boolean[vocabulary.size()];
    special = new boolean[vocabulary.size()];
    for (AddedToken token : addedTokens) {
      addedByContent.put(token.content(), token);
      added[token.id()] = true;
      special[token.id()] = token.special();
    }
  }

  /**
   * Reads a tokenizer.
   *
   * @param path a {@code tokenizer.json}, whose name may be another that ends in {@code .json}; or
   *     a model's folder with one; or any other file in that folder, such as its weights
   * @throws IOException if the file cannot be read
   * @throws org.xlstm4j.loader.files.ModelFormatException if it is malformed or asks for something
   *     that is not supported
   */
  public static Tokenizer read(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return TokenizerReader.read(path.resolve(FILE_NAME));
    }
    boolean named = path.toString().endsWith(".json");
    return TokenizerReader.read(named ? path : path.resolveSibling(FILE_NAME));
  }

  /**
   * The ids of a text, with those that the file's template puts before and after it: {@link
   * #leadingTokens} and {@link #trailingTokens}.
   *
   * @param text any text; each surrogate without its partner counts as U+FFFD
   */
  public int[] encode(CharSequence text) {
    TokenBuffer ids = new TokenBuffer();
    ids.addAll(template.before());
    encode(text, ids);
    ids.addAll(template.after());
    return ids.toArray();
  }

  /**
   * The ids of a text alone, without the file's template. Added tokens that the text itself spells
   * out are found all the same.
   *
   * @param text any text; each surrogate without its partner counts as U+FFFD
   */
  public int[] encodeAlone(CharSequence text) {
    TokenBuffer ids = new TokenBuffer();
    encode(text, ids);
    return ids.toArray();
  }

  /**
   * The ids of a text of which somebody else wrote some parts: added tokens are found only where no
   * character of them is foreign, whatever the foreign text spells out. Apart from that the text is
   * cut as a whole, so that a word may reach across an edge. Added tokens that are white space, and
   * not special, count everywhere.
   *
   * @param text any text; each surrogate without its partner counts as U+FFFD
   * @param foreign the indexes of the characters that somebody else wrote; not changed
   */
  public int[] encodeAlone(CharSequence text, BitSet foreign) {
    TokenBuffer ids = new TokenBuffer();
    encode(text, foreign, ids);
    return ids.toArray();
  }

  /**
   * The ids that the file's template puts before every text, such as a begin token.
   *
   * @return a copy; empty for most tokenizers
   */
  public int[] leadingTokens() {
    return template.before().clone();
  }

  /**
   * The ids that the file's template puts after every text.
   *
   * @return a copy; empty for most tokenizers
   */
  public int[] trailingTokens() {
    return template.after().clone();
  }

  /**
   * Appends the ids of a text alone, without the file's template.
   *
   * @param text any text; each surrogate without its partner counts as U+FFFD
   * @param out where to append
   */
  public void encode(CharSequence text, TokenBuffer out) {
    encode(text, new BitSet(), out);
  }

  private void encode(CharSequence text, BitSet foreign, TokenBuffer out) {
    new Encoder(pipeline, cache, out).encode(text.toString().toCharArray(), foreign);
  }

  /**
   * The text of ids, special tokens included, with U+FFFD for bytes that are not UTF-8.
   *
   * @throws IllegalArgumentException if an id is not in the vocabulary
   */
  public String decode(int[] ids) {
    ByteSequence bytes = new ByteSequence();
    for (int id : ids) {
      appendBytes(id, bytes);
    }
    return bytes.takeText();
  }

  /** A decoder for a stream of ids. */
  public StreamingDecoder streamingDecoder() {
    return new StreamingDecoder(this);
  }

  /**
   * One more than the highest id. A model may have more rows than this; their ids have no text.
   * There may also be gaps below, see {@link #contains}.
   */
  public int vocabularySize() {
    return vocabulary.size();
  }

  /** Whether {@code id}, any number, is the id of a token. */
  public boolean contains(int id) {
    return vocabulary.contains(id);
  }

  /**
   * The id of a token, written as in the file: a space is {@code Ġ} (U+0120) there.
   *
   * @return the id, or -1 if there is no such token
   */
  public int idOf(String token) {
    AddedToken added = addedByContent.get(token);
    return added != null
        ? added.id()
        : pipeline.model().vocabulary().find(token.toCharArray(), 0, token.length());
  }

  /**
   * A token written as in the file: a space is {@code Ġ} (U+0120) there.
   *
   * @throws IllegalArgumentException if {@code id} is not in the vocabulary
   */
  public String piece(int id) {
    requireToken(id);
    return vocabulary.piece(id);
  }

  /**
   * The bytes that a token stands for; they need not be whole characters.
   *
   * @throws IllegalArgumentException if {@code id} is not in the vocabulary
   */
  public byte[] bytes(int id) {
    ByteSequence bytes = new ByteSequence();
    appendBytes(id, bytes);
    return bytes.toArray();
  }

  /** Whether {@code id}, any number, is a token that the text is searched for before all else. */
  public boolean isAdded(int id) {
    return contains(id) && added[id];
  }

  /** Whether {@code id}, any number, is a token with a meaning beyond its text, as an end mark. */
  public boolean isSpecial(int id) {
    return contains(id) && special[id];
  }

  void appendBytes(int id, ByteSequence out) {
    requireToken(id);
    vocabulary.appendBytes(id, out);
  }

  private void requireToken(int id) {
    if (!contains(id)) {
      throw new IllegalArgumentException(
          "token id " + id + " is not in the vocabulary, whose ids are below " + vocabularySize());
    }
  }
}
