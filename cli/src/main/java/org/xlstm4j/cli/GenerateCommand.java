package org.xlstm4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.Team;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.loader.Config;
import org.xlstm4j.loader.WholeFile;
import org.xlstm4j.loader.tokenizer.Tokenizer;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;
import org.xlstm4j.models.language.Sampler;
import org.xlstm4j.models.language.SessionFile;
import org.xlstm4j.models.language.TextGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Continues a text. */
@Command(
    name = "generate",
    description = "Continues a text, word by word.",
    footer = {
      "",
      "Examples:",
      "  xlstm generate -p \"It was a dark and stormy night\"",
      "  echo \"Once upon a time\" | xlstm generate -p - -n 200 --stats"
    })
final class GenerateCommand extends Subcommand {
  private static final String DEFAULT_MODEL = "xlstm-large-mini-q8";

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "TEXT",
      description = "The text to continue; - reads standard input.")
  private String prompt = "";

  @Option(
      names = {"-n", "--tokens"},
      paramLabel = "N",
      defaultValue = "128",
      description = "Most tokens to generate (default: ${DEFAULT-VALUE}).")
  private int tokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "0 takes the likeliest token always (default: the model's, else 0.8).")
  private @Nullable Double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description =
          "Choose among the K likeliest tokens, 0 for all (default: the model's, else 50).")
  private @Nullable Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      defaultValue = "1",
      description =
          "Choose among the likeliest tokens that together have probability P (default:"
              + " ${DEFAULT-VALUE}, all).")
  private double topP;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      defaultValue = "0",
      description =
          "Leave out tokens less than P times as likely as the likeliest (default:"
              + " ${DEFAULT-VALUE}, none).")
  private double minP;

  @Option(
      names = "--repeat-penalty",
      paramLabel = "R",
      defaultValue = "1",
      description = "Makes recent tokens less likely (default: ${DEFAULT-VALUE}, no penalty).")
  private double repeatPenalty;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "The same seed writes the same text (default: another one each time).")
  private @Nullable Long seed;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "End where this text appears; may be given several times.")
  private List<String> stop = new ArrayList<>();

  @Option(names = "--no-bos", description = "Do not put the begin token in front.")
  private boolean withoutBegin;

  @Option(
      names = "--session",
      paramLabel = "FILE",
      description = "Continue the session of this file, if it exists, and save it there.")
  private @Nullable Path session;

  @Option(names = "--stats", description = "Tell times, tokens per second and memory at the end.")
  private boolean stats;

  @Override
  void run(Terminal terminal) throws IOException {
    if (tokens < 0) {
      throw new UsageException("-n is " + tokens + ", expected 0 or more");
    }
    long start = System.nanoTime();
    if (session != null) {
      WholeFile.requirePlace(session);
    }
    Team team = model.team();
    Path folder = model.folder(DEFAULT_MODEL);
    String text =
        prompt.equals("-")
            ? new String(terminal.in().readAllBytes(), UTF_8).stripTrailing()
            : prompt;
    Background<Tokenizer> reading = Background.start(() -> Tokenizer.read(folder));
    try (LanguageModel languageModel = LanguageModel.open(folder, model.load())) {
      ModelText texts = new ModelText(folder, reading.await(), languageModel.vocabularySize());
      Tokenizer tokenizer = texts.tokenizer();
      Config generation = generationConfig(folder);
      LanguageSession stream = languageModel.newSession(team);
      if (session != null && Files.exists(session)) {
        SessionFile.load(stream, session);
      }
      int[] ids = prompt(texts, text, stream.position() == 0 && !withoutBegin);
      if (ids.length == 0) {
        throw new UsageException("-p TEXT is missing");
      }
      Sampler sampler = new Sampler(settings(generation));
      Set<Integer> ends = endTokens(tokenizer, generation);
      TextGenerator generator = new TextGenerator(stream, tokenizer, sampler, ends, stop);
      long loaded = System.nanoTime();
      for (int id : ids) {
        sampler.remember(id);
      }
      float[] logits = stream.feed(ids);
      long prompted = System.nanoTime();
      TextGenerator.Result result =
          generator.generateFrom(logits, tokens, piece -> write(terminal, piece));
      long ended = System.nanoTime();
      if (session != null) {
        SessionFile.save(stream, session);
      }
      terminal.out().write("\n");
      terminal.out().flush();
      if (stats) {
        String memory = memory();
        terminal
            .err()
            .printf(
                "load %.3f s | prompt %d tokens %.3f s, %.1f tokens/s | generated %d tokens %.3f s,"
                    + " %.1f tokens/s | %d threads | %s%s%n",
                (loaded - start) * 1e-9,
                ids.length,
                (prompted - loaded) * 1e-9,
                ids.length / ((prompted - loaded) * 1e-9),
                result.tokens(),
                (ended - prompted) * 1e-9,
                result.tokens() / ((ended - prompted) * 1e-9),
                team.size(),
                memory,
                WarmUp.description());
      }
    }
  }

  private static boolean write(Terminal terminal, String piece) {
    try {
      terminal.out().write(piece);
      terminal.out().flush();
      return true;
    } catch (ClosedOutputException e) {
      return false; // what has been generated is still to be saved
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Config generationConfig(Path folder) throws IOException {
    Path file = folder.resolve("generation_config.json");
    return Files.exists(file) ? Config.read(file) : Config.ofFolder(folder);
  }

  private Sampler.Settings settings(Config generation) throws IOException {
    double heat = temperature != null ? temperature : generation.numberOr("temperature", 0.8);
    int candidates = topK != null ? topK : generation.integerOr("top_k", 50, 0, Integer.MAX_VALUE);
    long chance = seed != null ? seed : System.nanoTime();
    try {
      return new Sampler.Settings(heat, candidates, topP, minP, repeatPenalty, chance);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage());
    }
  }

  private static int[] prompt(ModelText texts, String text, boolean withBegin) throws IOException {
    int[] encoded = text.isEmpty() ? new int[0] : texts.encode(text);
    if (!withBegin) {
      return encoded;
    }
    int[] ids = new int[encoded.length + 1];
    ids[0] = texts.begin();
    System.arraycopy(encoded, 0, ids, 1, encoded.length);
    return ids;
  }

  /**
   * The end-of-text token, and the configured one if it is a special token: some published
   * configurations name an ordinary one, such as "!".
   */
  private static Set<Integer> endTokens(Tokenizer tokenizer, Config generation) throws IOException {
    Set<Integer> ends = new HashSet<>();
    int endOfText = tokenizer.idOf(ModelText.END_OF_TEXT);
    if (endOfText >= 0) {
      ends.add(endOfText);
    }
    if (generation.kind("eos_token_id") == Config.Kind.NUMBER) {
      int configured = generation.integer("eos_token_id", 0, Integer.MAX_VALUE);
      if (configured < tokenizer.vocabularySize() && tokenizer.isSpecial(configured)) {
        ends.add(configured);
      }
    }
    return ends;
  }

  /** Resident memory, where the system tells it. */
  private static String memory() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return "";
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmHWM:")) {
        long kilobytes = Long.parseLong(line.replaceAll("[^0-9]", ""));
        return "memory " + kilobytes / 1024 + " MB | ";
      }
    }
    return "";
  }
}
