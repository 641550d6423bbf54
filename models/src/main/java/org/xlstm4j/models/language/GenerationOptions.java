package org.xlstm4j.models.language;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.xlstm4j.loader.config.Config;

/**
 * How a text is generated. Immutable; the {@code with} methods give changed copies:
 *
 * <pre>{@code
 * generator.options().withMaxTokens(40).withStops("\n\n").greedy()
 * }</pre>
 *
 * @param maxTokens most tokens to generate, 0 or more
 * @param sampling how tokens are chosen
 * @param seed of the choice; none for another text each time
 * @param stops strings that end the text and are not part of it; empty ones do not count
 * @param logProbabilities if present, the log probability of each token is reported, and those of
 *     this many of the likeliest tokens at its place, 0 or more
 * @param begin whether the begin token is put before a prompt that begins a text
 */
public record GenerationOptions(
    int maxTokens,
    Sampler.Settings sampling,
    OptionalLong seed,
    List<String> stops,
    OptionalInt logProbabilities,
    boolean begin) {

  /** What is used where neither the caller nor the model says how to choose. */
  private static final Sampler.Settings USUAL = new Sampler.Settings(0.8, 50, 1, 0, 1);

  private static final int USUAL_TOKENS = 128;

  /** Checks the ranges and copies. */
  public GenerationOptions {
    if (maxTokens < 0) {
      throw new IllegalArgumentException("max tokens is " + maxTokens + ", expected 0 or more");
    }
    if (logProbabilities.orElse(0) < 0) {
      throw new IllegalArgumentException(
          "log probabilities of " + logProbabilities.getAsInt() + " tokens, expected 0 or more");
    }
    stops = List.copyOf(stops);
  }

  /**
   * Options where nothing is known of the model: 128 tokens, temperature 0.8, top-k 50.
   *
   * @return the options
   */
  public static GenerationOptions usual() {
    return new GenerationOptions(
        USUAL_TOKENS, USUAL, OptionalLong.empty(), List.of(), OptionalInt.empty(), true);
  }

  /**
   * The options that a model recommends: {@code temperature}, {@code top_k}, {@code top_p}, {@code
   * min_p} and {@code repetition_penalty} of its {@code generation_config.json}, or of its
   * configuration where there is no such file; greedy if {@code do_sample} is false there; the
   * usual ones for the rest.
   *
   * @param folder of the model
   * @return the options
   * @throws org.xlstm4j.loader.files.ModelFormatException if the file is malformed or a value is
   *     out of range
   * @throws IOException if the file cannot be read
   */
  public static GenerationOptions read(Path folder) throws IOException {
    Path file = folder.resolve("generation_config.json");
    Config config = Files.exists(file) ? Config.read(file) : Config.ofFolder(folder);
    double temperature =
        config.boolOr("do_sample", true) ? config.numberOr("temperature", USUAL.temperature()) : 0;
    try {
      return usual()
          .withSampling(
              new Sampler.Settings(
                  temperature,
                  Math.max(config.integerOr("top_k", USUAL.topK(), -1, Integer.MAX_VALUE), 0),
                  config.numberOr("top_p", USUAL.topP()),
                  config.numberOr("min_p", USUAL.minP()),
                  config.numberOr("repetition_penalty", USUAL.repeatPenalty())));
    } catch (IllegalArgumentException e) {
      throw config.error(
          "sampling settings", String.valueOf(e.getMessage()), "values in their ranges");
    }
  }

  /**
   * With another number of tokens.
   *
   * @param tokens most tokens to generate
   * @return a changed copy
   */
  public GenerationOptions withMaxTokens(int tokens) {
    return new GenerationOptions(tokens, sampling, seed, stops, logProbabilities, begin);
  }

  /**
   * With another way to choose tokens.
   *
   * @param settings how
   * @return a changed copy
   */
  public GenerationOptions withSampling(Sampler.Settings settings) {
    return new GenerationOptions(maxTokens, settings, seed, stops, logProbabilities, begin);
  }

  /**
   * With another temperature.
   *
   * @param value 0 for the likeliest token always; 1 for the model's own probabilities
   * @return a changed copy
   */
  public GenerationOptions withTemperature(double value) {
    return withSampling(
        new Sampler.Settings(
            value, sampling.topK(), sampling.topP(), sampling.minP(), sampling.repeatPenalty()));
  }

  /**
   * Always the most likely token.
   *
   * @return a changed copy
   */
  public GenerationOptions greedy() {
    return withSampling(Sampler.Settings.greedy());
  }

  /**
   * With a seed: the same one writes the same text.
   *
   * @param value any number
   * @return a changed copy
   */
  public GenerationOptions withSeed(long value) {
    return new GenerationOptions(
        maxTokens, sampling, OptionalLong.of(value), stops, logProbabilities, begin);
  }

  /**
   * With other strings that end the text.
   *
   * @param texts in any order
   * @return a changed copy
   */
  public GenerationOptions withStops(String... texts) {
    return new GenerationOptions(
        maxTokens, sampling, seed, List.of(texts), logProbabilities, begin);
  }

  /**
   * With the log probabilities of the tokens.
   *
   * @param alternatives of how many of the likeliest tokens at each place besides the chosen one's
   * @return a changed copy
   */
  public GenerationOptions withLogProbabilities(int alternatives) {
    return new GenerationOptions(
        maxTokens, sampling, seed, stops, OptionalInt.of(alternatives), begin);
  }

  /**
   * Without a begin token before the prompt.
   *
   * @return a changed copy
   */
  public GenerationOptions withoutBegin() {
    return new GenerationOptions(maxTokens, sampling, seed, stops, logProbabilities, false);
  }
}
