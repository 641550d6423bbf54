package org.xlstm4j.cli.commands;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.xlstm4j.cli.options.JsonOption;
import org.xlstm4j.cli.options.ModelOptions;
import org.xlstm4j.cli.options.UsageException;
import org.xlstm4j.cli.output.Table;
import org.xlstm4j.cli.output.TableFormat;
import org.xlstm4j.cli.terminal.Progress;
import org.xlstm4j.cli.terminal.StandardInput;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.cli.terminal.TextFile;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;
import org.xlstm4j.models.language.ModelTokenizer;
import org.xlstm4j.models.language.Perplexity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures how well a model predicts a text. */
@Command(
    name = "perplexity",
    description = "Measures how well a language model predicts a text.",
    footer = {
      "",
      "Examples:",
      "  xlstm perplexity -m xlstm-large-mini book.txt --window 512",
      "  head -c 10000 book.txt | xlstm perplexity -m xlstm-large-mini -"
    })
final class PerplexityCommand extends Subcommand {
  @Mixin private ModelOptions model = new ModelOptions();
  @Mixin private JsonOption json = new JsonOption();

  @Parameters(paramLabel = "FILE", description = "The text, UTF-8; - reads standard input.")
  private Path file = Path.of("");

  @Option(
      names = "--window",
      paramLabel = "N",
      description = "Score windows of N tokens, each from a fresh state (default: one stream).")
  private int window;

  @Option(names = "--limit", paramLabel = "TOKENS", description = "Score at most so many tokens.")
  private int limit;

  @Override
  public boolean computes() {
    return true;
  }

  @Override
  public void run(Terminal terminal) throws IOException {
    if (window < 0 || limit < 0) {
      throw new UsageException("--window and --limit are 1 or more");
    }
    Path folder = model.folder();
    try (LanguageModel languageModel = LanguageModel.open(folder, model.load());
        Progress progress = new Progress(terminal, "scoring")) {
      ModelTokenizer tokenizer = ModelTokenizer.read(folder, languageModel);
      int begin = tokenizer.special().begin().getLast();
      boolean piped = file.toString().equals(StandardInput.MARK);
      int[] all = tokenizer.encode(piped ? StandardInput.text(terminal) : TextFile.read(file));
      int[] text = limit > 0 && limit < all.length ? Arrays.copyOf(all, limit) : all;
      if (text.length < Math.max(window, 1)) {
        throw new IOException(
            (piped ? StandardInput.NAME : file)
                + ": "
                + text.length
                + " tokens, expected at least "
                + Math.max(window, 1));
      }
      LanguageSession session = languageModel.newSession(model.team());
      long start = System.nanoTime();
      Perplexity result =
          window > 0
              ? Perplexity.ofWindows(session, begin, text, window, progress::update)
              : Perplexity.ofStream(session, begin, text, progress::update);
      double seconds = (System.nanoTime() - start) * 1e-9;
      if (!Double.isFinite(result.perplexity())) {
        throw new IOException(
            folder + ": a perplexity of " + result.perplexity() + ": the weights are damaged");
      }
      int[] scored = Arrays.copyOf(text, (int) result.tokens());
      long bytes = tokenizer.tokenizer().decode(scored).getBytes(UTF_8).length;
      double bits = result.meanNll() * result.tokens() / Math.log(2) / bytes;
      Table table =
          new Table(
              Table.Column.number("perplexity", "%.4f"),
              Table.Column.number("mean nll", "%.5f"),
              Table.Column.number("standard error", "%.4f"),
              Table.Column.number("tokens", "%d"),
              Table.Column.number("bits per byte", "%.4f"),
              Table.Column.number("tokens per second", "%.1f"));
      table.row(
          result.perplexity(),
          result.meanNll(),
          result.standardError(),
          result.tokens(),
          bits,
          result.tokens() / seconds);
      json.formatOr(TableFormat.FIELDS).write(table, terminal.out());
    }
  }
}
