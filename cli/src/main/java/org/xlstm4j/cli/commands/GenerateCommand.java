package org.xlstm4j.cli.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.options.ModelOptions;
import org.xlstm4j.cli.options.SamplingOptions;
import org.xlstm4j.cli.options.UsageException;
import org.xlstm4j.cli.process.Background;
import org.xlstm4j.cli.process.OrderlyEnd;
import org.xlstm4j.cli.terminal.ClosedOutputException;
import org.xlstm4j.cli.terminal.StandardInput;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.files.WholeFile;
import org.xlstm4j.loader.tokenizer.Tokenizer;
import org.xlstm4j.models.language.EndReason;
import org.xlstm4j.models.language.GenerationOptions;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;
import org.xlstm4j.models.language.ModelTokenizer;
import org.xlstm4j.models.language.SessionFile;
import org.xlstm4j.models.language.TextGenerator;
import org.xlstm4j.models.language.TextPiece;
import org.xlstm4j.models.language.TextStream;
import org.xlstm4j.models.language.TokenChoice;
import org.xlstm4j.models.language.Usage;
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
      "  echo \"Once upon a time\" | xlstm generate -p - -n 200 --stats",
      "  xlstm generate --session tale -p \"Once upon a time\"",
      "  xlstm generate --session tale"
    })
final class GenerateCommand extends Subcommand {
  private static final String DEFAULT_MODEL = "xlstm-large-mini-q8";

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "TEXT",
      description = "The text to continue; - reads standard input, UTF-8, as it is.")
  private String prompt = "";

  @Option(
      names = {"-n", "--tokens"},
      paramLabel = "N",
      defaultValue = "128",
      description = "Largest number of tokens to generate (default: ${DEFAULT-VALUE}).")
  private int tokens;

  @Mixin private SamplingOptions sampling = new SamplingOptions();

  @Option(names = "--no-bos", description = "Do not put the begin token in front.")
  private boolean withoutBegin;

  @Option(
      names = "--session",
      paramLabel = "FILE",
      description =
          "Continue the session of this file, if it exists, and save it there, also when"
              + " interrupted; without -p the text goes on where it stopped.")
  private @Nullable Path session;

  @Option(
      names = "--logprobs",
      paramLabel = "K",
      description =
          "Write a JSON line a token instead of the text: token, id, logprob, bytes, and the same"
              + " of the K likeliest as top_logprobs.")
  private @Nullable Integer logProbabilities;

  @Option(names = "--stats", description = "Print times, tokens per second and memory at the end.")
  private boolean stats;

  @Override
  public boolean computes() {
    return true;
  }

  @Override
  public void run(Terminal terminal) throws IOException {
    if (tokens < 0) {
      throw new UsageException("-n is " + tokens + ", expected 0 or more");
    }
    if (logProbabilities != null && logProbabilities < 0) {
      throw new UsageException("--logprobs is " + logProbabilities + ", expected 0 or more");
    }
    long start = System.nanoTime();
    if (session != null) {
      WholeFile.requirePlace(session);
    }
    Team team = model.team();
    Path folder = model.folder(DEFAULT_MODEL);
    String text = prompt.equals(StandardInput.MARK) ? StandardInput.text(terminal) : prompt;
    Background<Tokenizer> reading = Background.start(() -> Tokenizer.read(folder));
    try (LanguageModel languageModel = LanguageModel.open(folder, model.load())) {
      GenerationOptions options = options(GenerationOptions.read(folder));
      ModelTokenizer tokenizer = ModelTokenizer.of(folder, reading.await(), languageModel);
      TextGenerator generator = new TextGenerator(languageModel, tokenizer, options, team);
      LanguageSession stream = languageModel.newSession(team);
      if (session != null && Files.exists(session)) {
        SessionFile.load(stream, session);
      }
      if (text.isEmpty() && stream.position() == 0 && withoutBegin) {
        throw new UsageException("-p TEXT is missing");
      }
      double loaded = (System.nanoTime() - start) * 1e-9;
      TokenLines lines = new TokenLines(tokenizer.tokenizer());
      Usage usage = write(generator.stream(stream, text, options), stream, lines, terminal);
      if (logProbabilities == null) {
        terminal.out().write("\n");
        terminal.out().flush();
      }
      if (stats) {
        terminal.err().println(statistics(loaded, usage, team));
      }
    }
  }

  private GenerationOptions options(GenerationOptions models) {
    GenerationOptions options = sampling.options(models).withMaxTokens(tokens);
    options = withoutBegin ? options.withoutBegin() : options;
    return logProbabilities != null ? options.withLogProbabilities(logProbabilities) : options;
  }

  /** Writes the text and saves the session behind it, also when an interrupt ends the text. */
  private Usage write(TextStream text, LanguageSession stream, TokenLines lines, Terminal terminal)
      throws IOException {
    if (session == null) {
      write(text.iterator(), lines, terminal);
      return text.finish();
    }
    Iterator<TextPiece> pieces = text.iterator();
    boolean begun = pieces.hasNext(); // an interrupt while the prompt is read leaves the file as is
    try (OrderlyEnd _ = new OrderlyEnd(text::cancel)) {
      if (begun) {
        write(pieces, lines, terminal);
      }
      Usage usage = text.finish();
      SessionFile.save(stream, session);
      return usage;
    }
  }

  private void write(Iterator<TextPiece> pieces, TokenLines lines, Terminal terminal)
      throws IOException {
    try {
      while (pieces.hasNext()) {
        TextPiece piece = pieces.next();
        if (logProbabilities == null) {
          terminal.out().write(piece.text());
        }
        for (TokenChoice choice : piece.choices()) {
          terminal.out().write(lines.line(choice));
        }
        terminal.out().flush();
      }
    } catch (ClosedOutputException e) {
      // whoever read the text has enough; what has been generated is still to be saved
    }
  }

  private static String statistics(double loaded, Usage usage, Team team) throws IOException {
    double prompted = seconds(usage.promptTime());
    double generated = seconds(usage.generationTime());
    return String.format(
        "load %.3f s | prompt %d tokens %.3f s, %.1f tokens/s | generated %d tokens %.3f s, %.1f"
            + " tokens/s, ended by %s | %d threads | %s%s",
        loaded,
        usage.promptTokens(),
        prompted,
        rate(usage.promptTokens(), prompted),
        usage.generatedTokens(),
        generated,
        rate(usage.generatedTokens(), generated),
        words(usage.end()),
        team.size(),
        memory(),
        WarmUp.description());
  }

  private static double seconds(Duration time) {
    return time.toNanos() * 1e-9;
  }

  private static double rate(int tokens, double seconds) {
    return tokens == 0 ? 0 : tokens / seconds;
  }

  private static String words(EndReason end) {
    return switch (end) {
      case MAX_TOKENS -> "-n";
      case END_TOKEN -> "the model";
      case STOP -> "--stop";
      case CANCELLED -> "the reader or an interrupt";
    };
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
