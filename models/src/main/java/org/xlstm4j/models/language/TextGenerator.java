package org.xlstm4j.models.language;

import java.util.List;
import java.util.Set;
import org.xlstm4j.loader.tokenizer.StreamingDecoder;
import org.xlstm4j.loader.tokenizer.Tokenizer;

/**
 * Continues a text in a session, piece by piece. Text is handed out as soon as it is certain: a
 * character that is not complete yet, or the beginning of what may become a stop string, waits.
 *
 * <p>Not thread-safe.
 */
public final class TextGenerator {
  private final LanguageSession session;
  private final Tokenizer tokenizer;
  private final Sampler sampler;
  private final Set<Integer> endTokens;
  private final List<String> stopTexts;

  /** Receives the text as it comes. */
  public interface Listener {
    /**
     * Takes the next piece of text.
     *
     * @param text at least one character, never half a one
     * @return whether to go on
     */
    boolean accept(String text);
  }

  /** Why a text ended. */
  public enum End {
    /** As many tokens as asked for. */
    LENGTH,
    /** The model ended the text. */
    END_TOKEN,
    /** A stop string appeared; it is not part of the text. */
    STOP_TEXT,
    /** The listener did not want more. */
    LISTENER
  }

  /**
   * What was done.
   *
   * @param tokens tokens generated, an end token included
   * @param end why it ended
   */
  public record Result(int tokens, End end) {}

  /**
   * A generator.
   *
   * @param session continues from where it is
   * @param tokenizer the model's
   * @param sampler chooses the tokens
   * @param endTokens tokens that end the text
   * @param stopTexts strings that end the text
   */
  public TextGenerator(
      LanguageSession session,
      Tokenizer tokenizer,
      Sampler sampler,
      Set<Integer> endTokens,
      List<String> stopTexts) {
    this.session = session;
    this.tokenizer = tokenizer;
    this.sampler = sampler;
    this.endTokens = Set.copyOf(endTokens);
    this.stopTexts = List.copyOf(stopTexts);
  }

  /**
   * Feeds a prompt and generates.
   *
   * @param prompt at least one token
   * @param maxTokens most tokens to generate
   * @param listener receives the text
   * @return how many tokens came and why it ended; all of them but an end token have been fed to
   *     the session, so that it can go on from here
   */
  public Result generate(int[] prompt, int maxTokens, Listener listener) {
    for (int token : prompt) {
      sampler.remember(token);
    }
    return generateFrom(session.feed(prompt), maxTokens, listener);
  }

  /**
   * Generates behind what was fed.
   *
   * @param first logits that the session gave last
   * @param maxTokens most tokens to generate
   * @param listener receives the text
   * @return as of {@link #generate}
   */
  public Result generateFrom(float[] first, int maxTokens, Listener listener) {
    StreamingDecoder decoder = tokenizer.streamingDecoder();
    StopFilter filter = new StopFilter(stopTexts);
    int choices = Math.min(tokenizer.vocabularySize(), session.model().vocabularySize());
    float[] logits = first;
    int tokens = 0;
    while (tokens < maxTokens) {
      int token = sampler.next(logits, choices);
      tokens++;
      if (endTokens.contains(token)) {
        return ended(decoder, filter, tokens, End.END_TOKEN, listener);
      }
      String text = filter.append(decoder.append(token));
      boolean goOn = text.isEmpty() || listener.accept(text);
      logits = session.step(token);
      if (filter.stopped()) {
        return new Result(tokens, End.STOP_TEXT);
      }
      if (!goOn) {
        return new Result(tokens, End.LISTENER);
      }
    }
    return ended(decoder, filter, tokens, End.LENGTH, listener);
  }

  private static Result ended(
      StreamingDecoder decoder, StopFilter filter, int tokens, End end, Listener listener) {
    String text = filter.append(decoder.flush()) + filter.flush();
    if (!text.isEmpty()) {
      listener.accept(text);
    }
    return new Result(tokens, filter.stopped() ? End.STOP_TEXT : end);
  }
}
