package org.xlstm4j.models.language;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * Takes a text and gives what follows it, as a whole, to a callback, or as an iterator:
 *
 * <pre>{@code
 * try (LanguageModel model = LanguageModel.open(folder)) {
 *   TextGenerator generator = TextGenerator.of(model, folder);
 *   System.out.println(generator.generate("Once upon a time").text());
 * }
 * }</pre>
 *
 * <p>A prompt begins a text of its own, with the model's begin token, unless it is given together
 * with a session that it goes on in.
 *
 * <p>Immutable and thread-safe: any number of threads may generate with the same generator, each
 * text in a session of its own.
 */
public final class TextGenerator {
  private final LanguageModel model;
  private final ModelTokenizer tokenizer;
  private final GenerationOptions options;
  private final Team team;

  /**
   * A generator.
   *
   * @param model must stay open while texts are generated
   * @param tokenizer the model's
   * @param options used where a call gives none
   * @param team the threads that texts without a session are computed with
   */
  public TextGenerator(
      LanguageModel model, ModelTokenizer tokenizer, GenerationOptions options, Team team) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.options = options;
    this.team = team;
  }

  /**
   * A generator with what the model's folder holds, tokenizer and recommended options, that
   * computes with as many threads as the machine has physical cores.
   *
   * @param model must stay open while texts are generated
   * @param folder the model's
   * @return the generator
   * @throws ModelFormatException if the folder holds no tokenizer, or a malformed file
   * @throws IOException if a file cannot be read
   */
  public static TextGenerator of(LanguageModel model, Path folder) throws IOException {
    return new TextGenerator(
        model,
        ModelTokenizer.read(folder, model),
        GenerationOptions.read(folder),
        Team.ofPhysicalCores());
  }

  /**
   * What is used where a call gives no options.
   *
   * @return the model's own, to begin others with
   */
  public GenerationOptions options() {
    return options;
  }

  /**
   * Text to tokens and back.
   *
   * @return the model's tokenizer
   */
  public ModelTokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * Continues a text with the model's own options.
   *
   * @param prompt the text
   * @return what follows it
   * @throws UncheckedIOException if the tokenizer is of a model with a larger vocabulary
   */
  public GeneratedText generate(String prompt) {
    return generate(prompt, options);
  }

  /**
   * Continues a text.
   *
   * @param prompt the text
   * @param how for how long, and how tokens are chosen
   * @return what follows it
   * @throws IllegalArgumentException if there is nothing to begin with: no text and no begin token
   * @throws UncheckedIOException if the tokenizer is of a model with a larger vocabulary
   */
  public GeneratedText generate(String prompt, GenerationOptions how) {
    return generate(prompt, how, piece -> {});
  }

  /**
   * Continues a text and passes on each piece as soon as it is certain. An interrupt of the thread
   * ends the text.
   *
   * @param prompt the text
   * @param how for how long, and how tokens are chosen
   * @param receiver called in this thread for each piece; what it throws ends the text and is
   *     thrown on
   * @return what follows the prompt: all pieces together
   * @throws IllegalArgumentException if there is nothing to begin with: no text and no begin token
   * @throws UncheckedIOException if the tokenizer is of a model with a larger vocabulary
   */
  public GeneratedText generate(
      String prompt, GenerationOptions how, Consumer<? super TextPiece> receiver) {
    TextStream stream = stream(prompt, how);
    StringBuilder text = new StringBuilder();
    List<TokenChoice> choices = new ArrayList<>();
    for (TextPiece piece : stream) {
      receiver.accept(piece);
      text.append(piece.text());
      choices.addAll(piece.choices());
    }
    return new GeneratedText(text.toString(), choices, stream.finish());
  }

  /**
   * Continues a text, piece by piece.
   *
   * @param prompt the text
   * @param how for how long, and how tokens are chosen
   * @return what follows it; nothing is computed before the first piece is asked for
   * @throws IllegalArgumentException if there is nothing to begin with: no text and no begin token
   * @throws UncheckedIOException if the tokenizer is of a model with a larger vocabulary
   */
  public TextStream stream(String prompt, GenerationOptions how) {
    return stream(model.newSession(team), prompt, how);
  }

  /**
   * Goes on in a session. The begin token is put before the prompt only if the session is at the
   * start of a text; an empty prompt goes on with what was fed and generated so far.
   *
   * @param session of the same model; not to be used otherwise until the stream has ended
   * @param prompt the text to feed, may be empty
   * @param how for how long, and how tokens are chosen
   * @return what follows; nothing is computed before the first piece is asked for
   * @throws IllegalArgumentException if there is nothing to begin with: no text, no begin token,
   *     and a session that was not fed
   * @throws UncheckedIOException if the tokenizer is of a model with a larger vocabulary
   */
  public TextStream stream(LanguageSession session, String prompt, GenerationOptions how) {
    boolean first = session.position() == 0;
    int[] ids;
    try {
      ids = first && how.begin() ? tokenizer.encodeFromBegin(prompt) : tokenizer.encode(prompt);
    } catch (ModelFormatException e) {
      throw new UncheckedIOException(e);
    }
    return stream(session, ids, how);
  }

  /**
   * Goes on in a session with tokens.
   *
   * @param session of the same model; not to be used otherwise until the stream has ended
   * @param prompt ids to feed as they are, without a begin token; may be empty
   * @param how for how long, and how tokens are chosen
   * @return what follows; nothing is computed before the first piece is asked for
   * @throws IllegalArgumentException if there is nothing to begin with: no tokens, and a session
   *     that was not fed
   */
  public TextStream stream(LanguageSession session, int[] prompt, GenerationOptions how) {
    return stream(session, prompt, 0, how);
  }

  /**
   * Goes on in a session that has been fed the first tokens already, as by a {@link StateCache}.
   *
   * @param session of the same model; not to be used otherwise until the stream has ended
   * @param prompt ids, without a begin token of their own; may be empty
   * @param fed how many of them the session has been fed
   * @param how for how long, and how tokens are chosen
   * @return what follows; nothing is computed before the first piece is asked for
   * @throws IllegalArgumentException if there is nothing to begin with: no tokens, and a session
   *     that was not fed
   */
  public TextStream stream(LanguageSession session, int[] prompt, int fed, GenerationOptions how) {
    if (session.position() == 0 && prompt.length == 0) {
      throw new IllegalArgumentException("no tokens to continue");
    }
    Objects.checkIndex(fed, prompt.length + 1);
    return new TextStream(session, tokenizer, prompt.clone(), fed, how);
  }
}
