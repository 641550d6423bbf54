package org.xlstm4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.xlstm4j.loader.Config;
import org.xlstm4j.loader.ModelFormatException;
import org.xlstm4j.loader.tokenizer.Tokenizer;
import org.xlstm4j.models.language.LanguageModel;

/**
 * Texts as the tokens of a language model.
 *
 * @param folder of the model, which holds its tokenizer
 * @param tokenizer cuts texts into tokens
 * @param vocabularySize tokens that the model knows
 */
record ModelText(Path folder, Tokenizer tokenizer, int vocabularySize) {
  static final String END_OF_TEXT = "<|endoftext|>";

  static ModelText of(Path folder, LanguageModel model) throws IOException {
    return new ModelText(folder, Tokenizer.read(folder), model.vocabularySize());
  }

  /**
   * The begin token: the end-of-text token in these vocabularies; where there is none, the
   * configuration's, or 0.
   */
  int begin() throws IOException {
    int named = tokenizer.idOf(END_OF_TEXT);
    return named >= 0
        ? named
        : Config.ofFolder(folder).integerOr("bos_token_id", 0, 0, vocabularySize - 1);
  }

  /**
   * The tokens of a text.
   *
   * @throws ModelFormatException if the tokenizer belongs to a model with a larger vocabulary
   */
  int[] encode(String text) throws ModelFormatException {
    int[] ids = tokenizer.encode(text);
    for (int id : ids) {
      if (id >= vocabularySize) {
        throw ModelFormatException.of(
            folder.resolve(Tokenizer.FILE_NAME),
            "vocabulary",
            "tokens of the model, which has " + vocabularySize,
            "token " + id);
      }
    }
    return ids;
  }
}
