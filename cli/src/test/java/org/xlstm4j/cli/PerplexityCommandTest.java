package org.xlstm4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;

@Tag("slow")
class PerplexityCommandTest {
  @TempDir private Path temporary;

  /** The first window of the reference tells the likelihood of each of its tokens. */
  @ParameterizedTest
  @ValueSource(strings = {"xlstm-large-mini", "xlstm-lm"})
  void aWindowEqualsTheReference(String model) throws IOException {
    Path folder = Outcome.pretrained(model);
    float[] logarithms;
    try (Checkpoint reference = Checkpoint.open(folder.resolve("reference.safetensors"))) {
      logarithms = reference.get("window.0.target_logprobs").toFloats();
    }
    double nll = 0;
    for (float logarithm : logarithms) {
      nll -= logarithm / logarithms.length;
    }
    String text = folder.resolve("heldout_railway_children.txt").toString();
    String tokens = Integer.toString(logarithms.length);
    Config windowed = json("-m", model, text, "--window", tokens, "--limit", tokens);
    assertEquals(logarithms.length, windowed.integer("tokens", 0, 1 << 20));
    assertEquals(nll, windowed.number("mean_nll"), 2e-4);
    assertEquals(Math.exp(nll), windowed.number("perplexity"), 5e-3);
    // one window and a stream of its length are the same
    Config stream = json("-m", model, text, "--limit", tokens);
    assertEquals(windowed.number("mean_nll"), stream.number("mean_nll"), 1e-5);
  }

  private Config json(String... arguments) throws IOException {
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[0] = "perplexity";
    all[all.length - 1] = "--json";
    String out = Outcome.of(all).assertDone().out();
    assertEquals(1, out.lines().count());
    Path file = temporary.resolve("result.json");
    Files.writeString(file, out);
    Config result = Config.read(file);
    for (String key :
        List.of(
            "perplexity",
            "mean_nll",
            "standard_error",
            "tokens",
            "bits_per_byte",
            "tokens_per_second")) {
      assertTrue(result.number(key) > 0, key);
    }
    return result;
  }

  @Test
  void bitsPerByteCountTheBytesOfTheScoredText() throws IOException {
    Path text = temporary.resolve("text.txt");
    Files.writeString(text, "The naïve café: so it began, and so it went on.");
    Config result = json("-m", "xlstm-large-mini", text.toString());
    double bits = result.number("mean_nll") * result.number("tokens") / Math.log(2);
    assertEquals(bits / Files.size(text), result.number("bits_per_byte"), 1e-6);
  }

  @Test
  void anIncompleteLastWindowIsLeftOut() throws IOException {
    String text = Outcome.pretrained("xlstm-lm").resolve("heldout_railway_children.txt").toString();
    Config result = json("-m", "xlstm-lm", text, "--window", "16", "--limit", "50");
    assertEquals(48, result.integer("tokens", 0, 100));
  }

  @Test
  void whatCannotBeScoredIsOneLine() throws IOException {
    String missing = temporary.resolve("missing.txt").toString();
    Outcome.of("perplexity", "-m", "xlstm-lm", missing).assertFailed(missing);
    Path empty = Files.createFile(temporary.resolve("empty.txt"));
    Outcome.of("perplexity", "-m", "xlstm-lm", empty.toString())
        .assertFailed(empty.toString(), "0 tokens", "at least 1");
    Path latin = temporary.resolve("latin.txt");
    Files.write(latin, "caf\u00e9".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    Outcome.of("perplexity", "-m", "xlstm-lm", latin.toString())
        .assertFailed(latin.toString(), "UTF-8");
    assertEquals("caf\u00e9", new String("caf\u00e9".getBytes(UTF_8), UTF_8));
  }

  @Test
  void standardInputIsATextLikeAnother() throws IOException {
    Path text = temporary.resolve("text.txt");
    Files.writeString(text, "It was so. \n\n");
    String fromFile = perplexity(Outcome.of("perplexity", "-m", "xlstm-lm", text.toString()));
    assertEquals(
        fromFile,
        perplexity(Outcome.ofInput("It was so. \n\n", "perplexity", "-m", "xlstm-lm", "-")));
    Outcome.of("perplexity", "-m", "xlstm-lm", "-").assertFailed("standard input: 0 tokens");
    Outcome.ofInput(new byte[] {'a', (byte) 0xFF}, "perplexity", "-m", "xlstm-lm", "-")
        .assertFailed("standard input", "UTF-8");
  }

  private static String perplexity(Outcome outcome) {
    return outcome.assertDone().out().lines().findFirst().orElse("");
  }
}
