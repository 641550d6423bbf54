package org.xlstm4j.cli.serve.language;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.serve.models.ServedModel;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.chat.ChatTemplate;
import org.xlstm4j.models.language.GenerationOptions;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.ModelTokenizer;
import org.xlstm4j.models.language.TextBatch;
import org.xlstm4j.models.language.TextGenerator;

/** A language model with all that its texts need. Thread-safe. */
final class ServedLanguage implements AutoCloseable {
  private final String name;
  private final LanguageModel model;
  private final TextGenerator generator;
  private final @Nullable ServedChat chat;
  private final SessionPool sessions;
  private final ServedStates states;
  private final DecodeScheduler scheduler;

  private ServedLanguage(
      String name,
      LanguageModel model,
      TextGenerator generator,
      @Nullable ServedChat chat,
      SessionPool sessions,
      ServedStates states,
      DecodeScheduler scheduler) {
    this.name = name;
    this.model = model;
    this.generator = generator;
    this.chat = chat;
    this.sessions = sessions;
    this.states = states;
    this.scheduler = scheduler;
  }

  /**
   * Reads what the model's folder holds besides the weights.
   *
   * @param team the threads that texts compute with
   * @param log takes a line for each text that failed
   */
  static ServedLanguage read(
      ServedModel served, TextLimits limits, Team team, DecodeMetrics metrics, PrintStream log)
      throws IOException {
    LanguageModel model = (LanguageModel) served.model();
    ModelTokenizer tokenizer = ModelTokenizer.read(served.folder(), model);
    GenerationOptions options = GenerationOptions.read(served.folder());
    ServedChat chat =
        ChatTemplate.find(served.folder())
            .map(template -> ServedChat.of(template, model, tokenizer, options, team))
            .orElse(null);
    return new ServedLanguage(
        served.name(),
        model,
        new TextGenerator(model, tokenizer, options, team),
        chat,
        new SessionPool(() -> model.newSession(team)),
        ServedStates.open(served.name(), model, limits.states(), log),
        new DecodeScheduler(
            served.name(),
            new TextBatch(model, team, limits.parallel()),
            limits.parallel(),
            limits.queue(),
            metrics,
            log));
  }

  String name() {
    return name;
  }

  TextGenerator generator() {
    return generator;
  }

  /** How the model chats, or null if it is no chat model. */
  @Nullable ServedChat chat() {
    return chat;
  }

  ModelTokenizer tokenizer() {
    return generator.tokenizer();
  }

  /**
   * The tokens of a text.
   *
   * @param begin whether the begin token is put before them
   */
  int[] encode(String text, boolean begin) {
    try {
      return begin ? tokenizer().encodeFromBegin(text) : tokenizer().encode(text);
    } catch (ModelFormatException e) {
      throw new UncheckedIOException(e); // a tokenizer of a larger model
    }
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

  /** The states behind prompts and texts. */
  ServedStates states() {
    return states;
  }

  DecodeScheduler scheduler() {
    return scheduler;
  }

  @Override
  public void close() {
    scheduler.close();
    states.close();
  }
}
