package org.xlstm4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.cli.process.ExitStatus;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;

/** Tensors in, tensors out, for every family, in both modes. */
@Tag("slow")
class RunAndVerifyTest {
  @TempDir private Path temporary;

  static List<String> languageCases() throws IOException {
    try (Stream<Path> folders = Files.list(Outcome.golden("xlstm", ""))) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .filter(name -> name.matches("(hf|large|lm)_.*"))
          .sorted()
          .toList();
    }
  }

  private static Outcome verify(Path model, Path reference, String mode, double tolerance) {
    return Outcome.of(
        "verify",
        "-m",
        model.toString(),
        reference.toString(),
        "--mode",
        mode,
        "--tolerance",
        Double.toString(tolerance),
        "--json");
  }

  @ParameterizedTest
  @MethodSource("languageCases")
  void languageModelsAgreeWithTheirReferences(String name) throws IOException {
    Path folder = Outcome.golden("xlstm", name);
    Path reference = temporary.resolve("reference.safetensors");
    References.ofLanguageCase(folder, reference);
    double tolerance = 10 * observed("xlstm", name) + 2e-6;
    for (String mode : List.of("chunk", "step")) {
      String out = verify(folder, reference, mode, tolerance).assertDone().out();
      assertTrue(out.contains("\"tensor\":\"logits\""), out);
      assertTrue(out.contains("\"tensor\":\"state."), out);
      assertFalse(out.contains("DIFFERENT"), out);
    }
  }

  /** The largest error that the original itself showed in this case. */
  private static double observed(String family, String name) throws IOException {
    Config manifest = Config.read(Outcome.golden(family, "manifest.json"));
    for (Config entry : manifest.children("cases")) {
      if (entry.textOr("case", "").equals(name)) {
        Config observed = entry.child("observed");
        double largest = 0;
        for (String key :
            List.of(
                "full_vs_official_f64",
                "full_vs_f64",
                "step_vs_official_f64",
                "step_vs_f64",
                "step_vs_parallel",
                "parallel_vs_f64")) {
          largest = Math.max(largest, observed.numberOr(key, 0));
        }
        return largest;
      }
    }
    throw new AssertionError(name);
  }

  @ParameterizedTest
  @CsvSource({
    "v1_avg_32, a",
    "v1_stride_features, a",
    "v2_flatten_32, a",
    "v2_avg_nonsquare_nobias, a",
    "v2_to_image, a",
    "v2_causal1d, a"
  })
  void preparedPicturesAgree(String name, String label) throws IOException {
    Path folder = Outcome.golden("vil", name);
    Map<String, String> names = new LinkedHashMap<>();
    names.put("input." + label, "pixel_values");
    names.put(label + ".output", "output");
    Path reference = temporary.resolve("reference.safetensors");
    References.rename(folder.resolve("expected.safetensors"), reference, names);
    verify(folder, reference, "chunk", 1e-4).assertDone();
  }

  @Test
  void aRawPictureIsPreparedByTheModel() throws IOException {
    Path folder = Outcome.golden("vil", "v2_tiny_224");
    Map<String, String> names = new LinkedHashMap<>();
    names.put("input.image_u8_hwc", "image_u8_hwc");
    names.put("img.output", "output");
    Path reference = temporary.resolve("reference.safetensors");
    References.rename(folder.resolve("expected.safetensors"), reference, names);
    verify(folder, reference, "chunk", 1e-4).assertDone();
  }

  @ParameterizedTest
  @CsvSource({
    "vector_m, vec",
    "vector_ms, vec",
    "multi_domain, img",
    "multi_domain, vec",
    "vector_long, vec"
  })
  void episodesAgreeAsAWholeAndInTheControlLoop(String name, String label) throws IOException {
    Path folder = Outcome.golden("lram", name);
    for (boolean steps : new boolean[] {false, true}) {
      Path reference = temporary.resolve("reference.safetensors");
      References.ofEpisode(folder, label, steps, reference);
      double largest = largest(reference, "action_logits");
      verify(folder, reference, steps ? "step" : "chunk", 1e-4 / largest).assertDone();
    }
  }

  private static double largest(Path file, String name) throws IOException {
    double largest = 0;
    try (Checkpoint tensors = Checkpoint.open(file)) {
      for (float value : tensors.get(name).toFloats()) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    return largest;
  }

  @Test
  void aTaskIsTakenFromTheConfiguration() throws IOException {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("Reacher-v5.obs", "states");
    names.put("Reacher-v5.rtg", "rtg");
    names.put("Reacher-v5.rewards", "rewards");
    names.put("Reacher-v5.actions", "actions");
    Path reference = temporary.resolve("reference.safetensors");
    Path model = Outcome.pretrained("lram-control");
    References.rename(model.resolve("reference.safetensors"), reference, names);
    String[] arguments = {
      "verify", "-m", "lram-control", "--mode", "step", "--task", "Reacher-v5", reference.toString()
    };
    assertTrue(Outcome.of(arguments).assertDone().out().contains("actions"));
    arguments[6] = "Reacher-v6";
    Outcome.of(arguments).assertFailed("Reacher-v6", "Reacher-v5");
  }

  /** What run writes is what verify compares; the batch dimension may be left out. */
  @ParameterizedTest
  @ValueSource(strings = {"chunk", "step"})
  void theOutputsAreWrittenUnderTheirNames(String mode) throws IOException {
    Map<String, String> names = Map.of("prompt.0.input_ids", "input_ids");
    Path input = temporary.resolve("input.safetensors");
    Path shipped = Outcome.pretrained("xlstm-large-mini").resolve("reference.safetensors");
    References.rename(shipped, input, names);
    Path output = temporary.resolve("output.safetensors");
    String[] arguments = {
      "run",
      "-m",
      "xlstm-large-mini",
      "--input",
      input.toString(),
      "--output",
      output.toString(),
      "--mode",
      mode
    };
    assertEquals("", Outcome.of(arguments).assertDone().out());
    try (Checkpoint written = Checkpoint.open(output);
        Checkpoint expected = Checkpoint.open(shipped)) {
      assertArrayEquals(new long[] {1, 12, 8192}, written.get("logits").shape());
      float[] logits = written.get("logits").toFloats();
      float[] reference = expected.get("prompt.0.logits").toFloats();
      for (int i = 0; i < logits.length; i++) {
        assertEquals(reference[i], logits[i], 2e-4, "logit " + i);
      }
      assertTrue(written.find("state.0.C") != null && written.find("state.0.m") != null);
    }
  }

  @Test
  void whatDiffersIsShownAndFails() throws IOException {
    Path folder = Outcome.golden("xlstm", "hf_single");
    Path reference = temporary.resolve("reference.safetensors");
    References.ofLanguageCase(folder, reference);
    Outcome outcome = verify(folder, reference, "chunk", 1e-12);
    assertEquals(ExitStatus.FAILED, outcome.status());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
    assertTrue(outcome.err().contains("tolerance"), outcome.err());
    assertTrue(outcome.out().contains("DIFFERENT"), outcome.out());
    for (String key : List.of("tensor", "values", "largest_error", "median_error", "verdict")) {
      assertTrue(outcome.out().contains("\"" + key + "\":"), key);
    }
  }

  @Test
  void inputsThatDoNotFitAreOneLine() throws IOException {
    Path folder = Outcome.golden("xlstm", "hf_single");
    Path expected = folder.resolve("expected.safetensors");
    Path file = temporary.resolve("input.safetensors");
    References.rename(expected, file, Map.of("logits", "logits"));
    verify(folder, file, "chunk", 1).assertFailed(file.toString(), "input_ids");
    References.rename(expected, file, Map.of("logits", "input_ids"));
    verify(folder, file, "chunk", 1).assertFailed(file.toString(), "input_ids", "expected");
    References.rename(expected, file, Map.of("input_ids", "input_ids"));
    verify(folder, file, "chunk", 1).assertFailed(file.toString(), "logits");
    Map<String, String> wrongShape = new LinkedHashMap<>();
    wrongShape.put("input_ids", "input_ids");
    wrongShape.put("state.0.m", "logits");
    References.rename(expected, file, wrongShape);
    verify(folder, file, "chunk", 1).assertFailed(file.toString(), "logits", "expected");
    // ids of a larger vocabulary
    Path mini = Outcome.pretrained("xlstm-large-mini").resolve("reference.safetensors");
    References.rename(mini, file, Map.of("prompt.0.input_ids", "input_ids"));
    verify(folder, file, "chunk", 1).assertFailed(file.toString(), "input_ids[");
  }

  /** Nothing appears where a file cannot be written, and nothing is left beside. */
  @Test
  void anOutputThatCannotBeWrittenIsOneLine() throws IOException {
    Path folder = Outcome.golden("xlstm", "hf_single");
    Path input = temporary.resolve("input.safetensors");
    References.ofLanguageCase(folder, input);
    List<String> places = new ArrayList<>();
    places.add(temporary.resolve("missing/out.safetensors").toString());
    places.add(Files.createDirectory(temporary.resolve("folder")).toString());
    places.add("/dev/full");
    for (String place : places) {
      Outcome.of("run", "-m", folder.toString(), "--input", input.toString(), "--output", place)
          .assertFailed(place.startsWith("/dev") ? place : temporary.toString());
      Outcome.of("generate", "-p", "x", "-n", "1", "--session", place)
          .assertFailed(place.startsWith("/dev") ? place : temporary.toString());
    }
    try (Stream<Path> files = Files.list(temporary)) {
      assertEquals(2, files.count());
    }
  }
}
