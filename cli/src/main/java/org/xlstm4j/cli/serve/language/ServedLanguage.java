package org.xlstm4j.cli.serve.language;

import java.io.IOException;
import org.xlstm4j.cli.serve.models.ServedModel;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.language.GenerationOptions;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.ModelTokenizer;
import org.xlstm4j.models.language.TextGenerator;

/** A language model with all that its texts need. Thread-safe. */
final class ServedLanguage {
  private final String name;
  private final LanguageModel model;
  private final TextGenerator generator;
  private final SessionPool sessions;

  private ServedLanguage(
      String name, LanguageModel model, TextGenerator generator, SessionPool sessions) {
    this.name = name;
    this.model = model;
    this.generator = generator;
    this.sessions = sessions;
  }

  /**
   * Reads what the model's folder holds besides the weights.
   *
   * @param team the threads that a session computes with
   */
  static ServedLanguage read(ServedModel served, Team team) throws IOException {
    LanguageModel model = (LanguageModel) served.model();
    ModelTokenizer tokenizer = ModelTokenizer.read(served.folder(), model);
    GenerationOptions options = GenerationOptions.read(served.folder());
    return new ServedLanguage(
        served.name(),
        model,
        new TextGenerator(model, tokenizer, options, team),
        new SessionPool(() -> model.newSession(team)));
  }

  String name() {
    return name;
  }

  TextGenerator generator() {
    return generator;
  }

  ModelTokenizer tokenizer() {
    return generator.tokenizer();
  }

  /** The texts of the model's tokens. */
  TokenTexts texts() {
    return new TokenTexts(generator.tokenizer().tokenizer());
  }

  int vocabularySize() {
    return model.vocabularySize();
  }

  SessionPool sessions() {
    return sessions;
  }
}
