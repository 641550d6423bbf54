package org.xlstm4j.models.language;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.quantize.ModelQuantizer;
import org.xlstm4j.loader.tokenizer.Tokenizer;
import org.xlstm4j.models.testing.Golden;

/** Trained models with smaller weights predict a text nearly as well. */
@Tag("slow")
class QuantizedLanguageTest {
  /** One thread: the other processor is for the other test JVM. */
  private static final Team TEAM = Team.of(1);

  private static final int WINDOW = 512;

  @TempDir private Path temporary;

  private static int[] text(Path model) throws IOException {
    String text = Files.readString(model.resolve("heldout_railway_children.txt"));
    return Tokenizer.read(model).encode(text);
  }

  private static double perplexity(Path model, int[] text) throws IOException {
    try (LanguageModel opened = LanguageModel.open(model)) {
      return Perplexity.ofWindows(opened.newSession(TEAM), 0, text, WINDOW, (done, all) -> {})
          .perplexity();
    }
  }

  private Path quantized(Path model, WeightType type, int... calibration) throws IOException {
    Path out = temporary.resolve(type.label() + calibration.length);
    try (LanguageModel opened = LanguageModel.open(model)) {
      Map<String, float[]> importance =
          calibration.length == 0
              ? Map.of()
              : Calibration.of(opened, calibration, TEAM, (done, all) -> {});
      new ModelQuantizer(opened.checkpoint(), type, importance, TEAM)
          .write(Config.ofFolder(model), out, done -> {});
    }
    return out;
  }

  @ParameterizedTest
  @CsvSource({
    "xlstm-large-mini, BF16, 1e-6",
    "xlstm-large-mini, Q8, 0.002",
    "xlstm-lm, Q8, 0.002",
    "xlstm-lm, Q4, 0.03"
  })
  void smallerWeightsLoseLittle(String name, WeightType type, double loss) throws IOException {
    Path model = Golden.pretrained(name);
    int[] text = Arrays.copyOf(text(model), 4 * WINDOW);
    double before = perplexity(model, text);
    double after = perplexity(quantized(model, type), text);
    assertTrue(Math.abs(after / before - 1) <= loss, before + " became " + after);
  }

  /** Errors count where the text's activations are large: other weights, about the same quality. */
  @Test
  void aCalibrationTextChangesTheRounding() throws IOException {
    Path model = Golden.pretrained("xlstm-large-mini");
    int[] all = text(model);
    int[] text = Arrays.copyOf(all, 4 * WINDOW);
    int[] typical = Arrays.copyOfRange(all, all.length - 4 * WINDOW, all.length);
    Path plain = quantized(model, WeightType.Q4);
    Path calibrated = quantized(model, WeightType.Q4, typical);
    String weights = "model.safetensors";
    assertNotEquals(-1, Files.mismatch(plain.resolve(weights), calibrated.resolve(weights)));
    double before = perplexity(model, text);
    for (Path quantized : new Path[] {plain, calibrated}) {
      double after = perplexity(quantized, text);
      assertTrue(Math.abs(after / before - 1) <= 0.03, before + " became " + after);
    }
  }
}
