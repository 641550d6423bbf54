package org.xlstm4j.models.large;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.loader.tokenizer.Tokenizer;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;
import org.xlstm4j.models.language.Perplexity;
import org.xlstm4j.models.language.Sampler;
import org.xlstm4j.models.testing.Golden;

/** The shipped model against its reference results. */
@Tag("slow")
class XlstmLargeMiniTest {
  private static final Path FOLDER = Golden.pretrained("xlstm-large-mini");

  private static int[] text(Config reference) throws IOException {
    int[] text =
        Tokenizer.read(FOLDER).encode(Files.readString(FOLDER.resolve(reference.text("text"))));
    assertEquals(reference.integer("tokens", 0, 1 << 30), text.length);
    return text;
  }

  @Test
  void everyTokenOfTheFirstWindow() throws IOException {
    int[] text = text(Config.read(FOLDER.resolve("reference.json")));
    try (LanguageModel model = LanguageModel.open(FOLDER);
        Checkpoint reference = Checkpoint.open(FOLDER.resolve("reference.safetensors"))) {
      float[] expected = reference.get("window.0.target_logprobs").toFloats();
      int[] fed = ints(reference.get("window.0.input_ids"));
      assertArrayEquals(prepend(0, Arrays.copyOf(text, fed.length - 1)), fed);
      float[] logits = new float[fed.length * model.vocabularySize()];
      model.newSession(Team.of(1)).score(fed, 0, fed.length, logits);
      float[] actual = new float[fed.length];
      int[] best = new int[fed.length];
      for (int i = 0; i < fed.length; i++) {
        float[] row =
            Arrays.copyOfRange(
                logits, i * model.vocabularySize(), (i + 1) * model.vocabularySize());
        actual[i] = logarithm(row, text[i]);
        best[i] = new Sampler(Sampler.Settings.greedy()).next(row, row.length);
      }
      Golden.assertClose(expected, actual, 1e-5, "logarithms of the first window");
      assertArrayEquals(ints(reference.get("window.0.argmax")), best);
    }
  }

  private static float logarithm(float[] logits, int token) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    return (float) (logits[token] - Math.log(sum));
  }

  private static int[] ints(Tensor tensor) throws IOException {
    return Arrays.stream(tensor.toLongs()).mapToInt(Math::toIntExact).toArray();
  }

  /** A hundred thousand tokens: two thirds of a minute. */
  @Test
  @Tag("long")
  void perplexityOfWindowsAndStream() throws IOException {
    Config reference = Config.read(FOLDER.resolve("reference.json"));
    int[] text = text(reference);
    try (LanguageModel model = LanguageModel.open(FOLDER)) {
      // a long run: the other processor is for the other test JVM
      LanguageSession session = model.newSession(Team.of(1));
      Config windows = reference.child("windows");
      int length = windows.integer("length", 1, 4096);
      Perplexity byWindows = Perplexity.ofWindows(session, 0, text, length, (done, total) -> {});
      assertEquals(windows.integer("tokens", 0, 1 << 30), byWindows.tokens());
      assertEquals(windows.number("perplexity"), byWindows.perplexity(), 5e-4);
      Config stream = reference.child("stream");
      Perplexity byStream = Perplexity.ofStream(session, 0, text, (done, total) -> {});
      assertEquals(stream.integer("tokens", 0, 1 << 30), byStream.tokens());
      assertEquals(stream.number("perplexity"), byStream.perplexity(), 5e-4);
    }
  }

  @Test
  void greedyTokensOfThePrompts() throws IOException {
    Config reference = Config.read(FOLDER.resolve("reference.json"));
    Tokenizer tokenizer = Tokenizer.read(FOLDER);
    try (LanguageModel model = LanguageModel.open(FOLDER)) {
      for (Config prompt : reference.children("prompts")) {
        int[] ids = prompt.integers("input_ids", 0, model.vocabularySize());
        int[] encoded = tokenizer.encode(prompt.text("prompt"));
        assertArrayEquals(ids, prepend(0, encoded));
        int[] expected = prompt.integers("greedy_ids", 0, model.vocabularySize());
        LanguageSession session = model.newSession(Team.of(1));
        Sampler sampler = new Sampler(Sampler.Settings.greedy());
        float[] logits = session.feed(ids);
        int[] actual = new int[expected.length];
        for (int i = 0; i < actual.length; i++) {
          actual[i] = sampler.next(logits, model.vocabularySize());
          logits = session.step(actual[i]);
        }
        assertArrayEquals(expected, actual, prompt.text("prompt"));
      }
    }
  }

  @Test
  void logitsBehindThePrompts() throws IOException {
    try (LanguageModel model = LanguageModel.open(FOLDER);
        Checkpoint reference = Checkpoint.open(FOLDER.resolve("reference.safetensors"))) {
      for (int prompt = 0; reference.find("prompt." + prompt + ".logits_last") != null; prompt++) {
        int[] ids = ints(reference.get("prompt." + prompt + ".input_ids"));
        float[] expected = reference.get("prompt." + prompt + ".logits_last").toFloats();
        float[] actual = model.newSession(Team.of(2)).feed(ids);
        Golden.assertClose(expected, actual, 1e-5, "prompt " + prompt);
      }
    }
  }

  private static int[] prepend(int first, int[] rest) {
    int[] all = new int[rest.length + 1];
    all[0] = first;
    System.arraycopy(rest, 0, all, 1, rest.length);
    return all;
  }
}
