package org.xlstm4j.models.language;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Set;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tokenizer.Tokenizer;

/**
 * Texts as the tokens of a language model: its tokenizer, the tokens that begin and end its texts,
 * and the size of its vocabulary. Immutable and thread-safe.
 *
 * @param folder of the model, which messages name
 * @param tokenizer cuts texts into tokens
 * @param special the tokens that begin and end a text
 * @param vocabularySize tokens that the model knows
 */
public record ModelTokenizer(
    Path folder, Tokenizer tokenizer, SpecialTokens special, int vocabularySize) {
  /**
   * Reads the tokenizer of a model.
   *
   * @param folder of the model
   * @param model the model itself
   * @return its tokenizer
   * @throws ModelFormatException if the folder holds no tokenizer, or a malformed or unsupported
   *     one
   * @throws IOException if a file cannot be read
   */
  public static ModelTokenizer read(Path folder, LanguageModel model) throws IOException {
    return of(folder, Tokenizer.read(folder), model);
  }

  /**
   * Puts a tokenizer together that was read before, perhaps while the model was opened.
   *
   * @param folder of the model
   * @param tokenizer of that folder
   * @param model the model itself
   * @return its tokenizer
   * @throws ModelFormatException if a configuration is malformed
   * @throws IOException if a file cannot be read
   */
  public static ModelTokenizer of(Path folder, Tokenizer tokenizer, LanguageModel model)
      throws IOException {
    int size = model.vocabularySize();
    return new ModelTokenizer(folder, tokenizer, SpecialTokens.read(folder, tokenizer, size), size);
  }

  /**
   * The tokens of a text alone, without those that begin and end a text.
   *
   * @param text any text
   * @return their ids
   * @throws ModelFormatException if one is outside the model's vocabulary
   */
  public int[] encode(CharSequence text) throws ModelFormatException {
    int[] ids = tokenizer.encodeAlone(text);
    check(ids);
    return ids;
  }

  /**
   * The tokens of a text of which somebody else wrote some parts: special tokens are found only
   * where no character of them is foreign.
   *
   * @param text any text
   * @param foreign the indexes of the characters that somebody else wrote
   * @return their ids
   * @throws ModelFormatException if one is outside the model's vocabulary
   */
  public int[] encode(CharSequence text, BitSet foreign) throws ModelFormatException {
    int[] ids = tokenizer.encodeAlone(text, foreign);
    check(ids);
    return ids;
  }

  /**
   * The tokens of a text that begins here: begin tokens, then the text's own.
   *
   * @param text any text
   * @return their ids, at least one
   * @throws ModelFormatException if one is outside the model's vocabulary
   */
  public int[] encodeFromBegin(CharSequence text) throws ModelFormatException {
    int[] ids = encode(text);
    int[] all = new int[special.begin().size() + ids.length];
    for (int i = 0; i < special.begin().size(); i++) {
      all[i] = special.begin().get(i);
    }
    System.arraycopy(ids, 0, all, special.begin().size(), ids.length);
    check(all);
    return all;
  }

  /**
   * The same with other tokens that end a text.
   *
   * @param ends their ids
   * @return a changed copy
   */
  public ModelTokenizer withEnds(Set<Integer> ends) {
    return new ModelTokenizer(
        folder, tokenizer, new SpecialTokens(special.begin(), ends), vocabularySize);
  }

  /** How many tokens can be generated: ids from 0 that the model and the tokenizer both have. */
  int choices() {
    return Math.min(tokenizer.vocabularySize(), vocabularySize);
  }

  private void check(int[] ids) throws ModelFormatException {
    for (int id : ids) {
      if (id >= vocabularySize) {
        throw ModelFormatException.of(
            folder.resolve(Tokenizer.FILE_NAME),
            "vocabulary",
            "tokens of the model, which has " + vocabularySize,
            "token " + id);
      }
    }
  }
}
