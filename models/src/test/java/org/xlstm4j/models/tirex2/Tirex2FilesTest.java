package org.xlstm4j.models.tirex2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.quantize.ModelQuantizer;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.NamedTensor;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.testing.Golden;
import org.xlstm4j.models.testing.TensorFile;

/** Folders in both layouts, tensors by several names, quantized and damaged ones. */
@Tag("slow")
class Tirex2FilesTest {
  private static final String FORWARD = "stack.1.time_mixer.fwd_cell._recurrent_kernel_";
  private static final String BACKWARD = "stack.1.time_mixer.rev_cell._recurrent_kernel_";
  private static final String OTHER = "stack.1.time_mixer.rev_cell.recurrent_kernel";

  @TempDir private Path temporary;

  private static Path golden(String name) {
    return Golden.root().resolve("tirex2").resolve(name);
  }

  private static float[] forecast(ForecastModel model) {
    float[] series = new float[300];
    for (int i = 0; i < series.length; i++) {
      series[i] = (float) (3 * Math.sin(0.3 * i) + Math.cos(0.05 * i));
    }
    return model.forecast(List.of(series), 16, 1, Team.of(1)).getFirst().quantiles();
  }

  private static float[] forecast(Path folder) throws IOException {
    try (ForecastModel model = ForecastModel.open(folder)) {
      return forecast(model);
    }
  }

  /** A folder with the configuration of a golden case and its weights changed. */
  private Path changed(String name, Consumer<Map<String, NamedTensor>> change) throws IOException {
    Files.copy(golden(name).resolve("config.json"), temporary.resolve("config.json"));
    TensorFile.change(golden(name), temporary.resolve("model.safetensors"), change);
    return temporary;
  }

  private static NamedTensor named(String name, NamedTensor tensor) {
    return new NamedTensor(name, tensor.shape(), tensor.values());
  }

  private static String refusal(Path folder) {
    return assertThrows(ModelFormatException.class, () -> ForecastModel.open(folder).close())
        .getMessage();
  }

  /** Settings and weights each fall back on their own; where both are, the current ones count. */
  @Test
  void currentFilesComeBeforeOlderOnes() throws IOException {
    Path legacy = golden("legacy");
    Files.copy(legacy.resolve("model.ckpt"), temporary.resolve("model.ckpt"));
    Files.copy(legacy.resolve("model.ckpt"), temporary.resolve("head.pt"));
    Files.copy(legacy.resolve("model-config.yaml"), temporary.resolve("model-config.yaml"));
    assertArrayEquals(forecast(legacy), forecast(temporary), 1e-5f);
    Path current = golden("long");
    Files.copy(current.resolve("config.json"), temporary.resolve("config.json"));
    Files.copy(current.resolve("model.safetensors"), temporary.resolve("model.safetensors"));
    assertArrayEquals(forecast(current), forecast(temporary), 1e-5f);
    Files.delete(temporary.resolve("config.json"));
    String refusal = refusal(temporary);
    assertTrue(refusal.contains("input_patch_embedding"), refusal);
  }

  @Test
  void tensorsMayHaveAnyOfTheirNames() throws IOException {
    Path folder =
        changed(
            "long",
            tensors -> {
              NamedTensor kernel = tensors.remove(FORWARD);
              tensors.put(BACKWARD, named(BACKWARD, kernel));
              tensors.put(OTHER, named(OTHER, kernel));
            });
    assertArrayEquals(forecast(golden("long")), forecast(folder), 1e-5f);
  }

  @Test
  void namesThatContradictEachOtherAreRefused() throws IOException {
    Path folder =
        changed(
            "long",
            tensors -> {
              float[] values = tensors.get(FORWARD).values().clone();
              values[5] += 1;
              tensors.put(OTHER, new NamedTensor(OTHER, tensors.get(FORWARD).shape(), values));
            });
    String refusal = refusal(folder);
    assertTrue(refusal.contains(OTHER) && refusal.contains(FORWARD), refusal);
  }

  @ParameterizedTest
  @CsvSource({
    "long, stack.0.time_mixer.fwd_cell.q.weight",
    "long, stack.1.time_mixer.fwd_cell._bias_",
    "long, stack.1.variate_mixer.attn.WO.weight",
    "long, stack.0.time_mixer.combination.weight",
    "long, stack_out_norm.weight",
    "mixed, stack.0.time_mixer.fwd_cell.in_proj.bias",
    "mixed, output_patch_embedding.residual_layer.bias"
  })
  void missingTensorsAreNamed(String name, String tensor) throws IOException {
    Path folder = changed(name, tensors -> assertTrue(tensors.remove(tensor) != null, tensor));
    String refusal = refusal(folder);
    assertTrue(refusal.contains(tensor + " (missing)"), refusal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "\"slstm_attn\"\\s*\\]; \"other\"]; stack_config.recipe: expected a name",
        "\"mlstm_attn\",\\s*\"slstm_attn\"\\s*\\];\"slstm_attn\"];stack_config.recipe: expected num_",
        "bi-mlstm; bi-lstm; mlstm_attn.time_mixer.model_type: expected bi-mlstm or bi-slstm",
        "\"input_patch_stride\": 4; \"input_patch_stride\": 2; tokenizer_cfg.input_patch_stride",
        "\"num_heads\": 4; \"num_heads\": 5; mlstm_attn.time_mixer.num_heads: expected a divisor",
        "(?s)\"num_slstm_heads\": 2(?!.*num_slstm); \"num_slstm_heads\": 0; slstm_attn.time_mixer.num_slstm_heads",
        "\"embedding_dim\": 24; \"embedding_dim\": 12; time_mixer.embedding_dim: expected that of",
        "SiLU; Mish; act_func: expected SiLU",
        "\"use_arcsinh\"; \"eps\": 0, \"use_arcsinh\"; scaler_cfg.eps: expected",
        "\"eps\": 1e-07\\s*\\}\\s*\\}$; \"eps\": -1}}; stack_out_norm_config.eps: expected"
      })
  void settingsThatCannotBeAreNamed(String pattern, String text, String place) throws IOException {
    Path plain = golden("plain");
    Files.copy(plain.resolve("model.safetensors"), temporary.resolve("model.safetensors"));
    String good = Files.readString(plain.resolve("config.json")).strip();
    String bad = good.replaceFirst(pattern, text);
    assertFalse(bad.equals(good), pattern);
    Files.writeString(temporary.resolve("config.json"), bad);
    String refusal = refusal(temporary);
    assertTrue(refusal.contains(place), refusal);
  }

  /** What is there by several names is written once. */
  @ParameterizedTest
  @CsvSource({"BF16, 0.03", "Q8, 0.03"})
  void smallerWeightsForecastAlmostTheSame(WeightType type, double limit) throws IOException {
    Path folder =
        changed("long", tensors -> tensors.put(BACKWARD, named(BACKWARD, tensors.get(FORWARD))));
    Path small = temporary.resolve("small");
    float[] expected;
    try (ForecastModel model = ForecastModel.open(folder)) {
      expected = forecast(model);
      new ModelQuantizer(model.checkpoint(), type, Map.of(), Team.of(1))
          .write(model.configuration(), small, done -> {});
    }
    assertEquals("TiRex-2", Models.family(small).name());
    try (Checkpoint written = Checkpoint.open(small)) {
      assertTrue(written.names().contains(FORWARD));
      assertFalse(written.names().contains(BACKWARD));
      assertEquals("F32 [4, 8, 4, 8]", written.get(FORWARD).describe());
    }
    float[] actual = forecast(small);
    float least = Float.MAX_VALUE;
    float most = -Float.MAX_VALUE;
    double error = 0;
    for (int i = 0; i < expected.length; i++) {
      least = Math.min(least, expected[i]);
      most = Math.max(most, expected[i]);
      error = Math.max(error, Math.abs(expected[i] - actual[i]));
    }
    assertTrue(error > 0 && error <= limit * (most - least), "error " + error / (most - least));
  }
}
