package org.xlstm4j.models.language;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.tokenizer.Tokenizer;

/**
 * The tokens that begin and end a text of a language model. Immutable.
 *
 * <p>They go around a text's own tokens, {@link Tokenizer#encodeAlone}; so no text gets its begin
 * token twice where the tokenizer adds one itself.
 *
 * @param begin ids before every text, at least one
 * @param ends ids that end a text; may be empty
 */
public record SpecialTokens(List<Integer> begin, Set<Integer> ends) {
  private static final String END_OF_TEXT = "<|endoftext|>";

  /** Checks and copies. */
  public SpecialTokens {
    begin = List.copyOf(begin);
    ends = Set.copyOf(ends);
    if (begin.isEmpty()) {
      throw new IllegalArgumentException("no begin token");
    }
  }

  /**
   * Reads a model's special tokens.
   *
   * <p>A text begins with what the tokenizer puts before every text; if that is nothing, with the
   * configured {@code bos_token_id}; else with {@code <|endoftext|>}, or token 0 where the
   * vocabulary has none. It ends with {@code <|endoftext|>} and with each configured {@code
   * eos_token_id}, a number or a list. A key in {@code generation_config.json} goes before the same
   * in the model's configuration. Configured ids count only if they are added tokens of the
   * tokenizer: some published configurations name an ordinary one, such as "!".
   *
   * @param model its folder, or the file with its weights in that folder
   * @param tokenizer the model's
   * @param vocabularySize tokens that the model knows
   * @return the tokens
   * @throws org.xlstm4j.loader.files.ModelFormatException if a configuration is malformed or names
   *     an id that no model can have
   * @throws IOException if a file cannot be read
   */
  public static SpecialTokens read(Path model, Tokenizer tokenizer, int vocabularySize)
      throws IOException {
    Config config = Config.ofFolder(model);
    Path file = config.file().resolveSibling("generation_config.json");
    Config generation = Files.exists(file) ? Config.read(file) : Config.empty(file);
    return new SpecialTokens(
        begin(source("bos_token_id", generation, config), tokenizer, vocabularySize),
        ends(source("eos_token_id", generation, config), tokenizer));
  }

  private static Config source(String key, Config generation, Config model) {
    return generation.has(key) ? generation : model;
  }

  private static List<Integer> begin(Config config, Tokenizer tokenizer, int vocabularySize)
      throws IOException {
    int[] leading = tokenizer.leadingTokens();
    if (leading.length > 0) {
      return Arrays.stream(leading).boxed().toList();
    }
    int endOfText = tokenizer.idOf(END_OF_TEXT);
    int configured = config.integerOr("bos_token_id", -1, -1, vocabularySize - 1);
    if (configured >= 0 && (endOfText < 0 || tokenizer.isAdded(configured))) {
      return List.of(configured);
    }
    return List.of(Math.max(endOfText, 0));
  }

  private static Set<Integer> ends(Config config, Tokenizer tokenizer) throws IOException {
    Set<Integer> ends = new LinkedHashSet<>();
    int endOfText = tokenizer.idOf(END_OF_TEXT);
    if (endOfText >= 0) {
      ends.add(endOfText);
    }
    for (int configured : ids(config, "eos_token_id")) {
      if (tokenizer.isAdded(configured)) {
        ends.add(configured);
      }
    }
    return ends;
  }

  /** A list of ids, one id, or none; -1 stands for none in some configurations. */
  private static int[] ids(Config config, String key) throws IOException {
    return switch (config.kind(key)) {
      case ABSENT, NULL -> new int[0];
      case LIST -> config.integers(key, -1, Integer.MAX_VALUE);
      default -> new int[] {config.integer(key, -1, Integer.MAX_VALUE)};
    };
  }
}
