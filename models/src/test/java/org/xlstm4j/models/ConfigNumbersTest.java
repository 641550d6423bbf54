package org.xlstm4j.models;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.testing.Golden;

/** Numbers of configurations that could only give results that are no numbers. */
class ConfigNumbersTest {
  @TempDir private Path temporary;

  /** A configuration with another value of one key. */
  private Config with(Path folder, String key, String value) throws IOException {
    String text = Files.readString(folder.resolve("config.json"));
    Matcher old =
        Pattern.compile("(\"" + key + "\":\\s*)(\\[[^\\]]*\\]|[^,\\[}\\n]+)").matcher(text);
    String changed =
        old.find()
            ? old.replaceFirst("$1" + value)
            : text.replaceFirst("\\{", "{\"" + key + "\": " + value + ",");
    Path file = temporary.resolve("config.json");
    return Config.read(Files.writeString(file, changed));
  }

  private static void read(Config config) throws IOException {
    Models.random(config, WeightType.F32).close();
  }

  @ParameterizedTest
  @CsvSource({
    "xlstm, norm_eps, -1, 0",
    "xlstm, norm_eps, 2, 1",
    "xlstm, eps, -1e-6, 0",
    "xlstm, output_logit_soft_cap, 1e-60, 30",
    "xlstm, output_logit_soft_cap, 0, null",
    "xlstm, output_logit_soft_cap, 1e60, 1e-30",
    "xlstm, gate_soft_cap, -15, 15",
    "xlstm, gate_soft_cap, 1e-60, 1e30",
    "vil, block_norm_eps, -1, 0",
    "vil, mlstm_eps, 1.5, 1",
    "vil, image_mean, '[3.5e38, 0, 0]', '[3e38, 0, 0]'",
    "vil, image_mean, '[0, -1e300, 0]', '[0, -1, 0]'",
    "vil, image_std, '[1, 1e-60, 1]', '[1, 1e-30, 1]'",
    "vil, image_std, '[1, 1, 1e60]', '[1, 1, 1e30]'",
    "tirex, nan_mask_value, 1e308, 1e30",
    "tirex2, future_len, 15, 20",
    "tirex2, future_len, 0, 4",
    "tirex2, context_len, 0, 1",
    "tirex2, context_len, 1000000000, 63",
    "tirex2, input_patch_size, 0, 4",
    "tirex2, output_patch_size, 8, 4",
    "tirex2, h_expand, 0.01, 0.5",
    "tirex2, h_expand, 1e300, 3",
    "tirex2, num_blocks, 0, 2",
    "tirex2, input_ff_dim, -1, 1",
    "tirex2, quantiles, '[0.1, 0.9]', '[0.1, 0.5, 0.9]'",
    "tirex2, quantiles, '[0.5, 1.5]', '[0.5]'",
    "lram, a_tok_max, 1e308, 1e15",
    "lram, a_tok_min, -3.5e38, -1e15",
    "lram, a_tok_max, -1, 2",
    "lram, embed_ln_eps, -1, 0"
  })
  void isRefusedByKey(String family, String key, String value, String good) throws IOException {
    Path folder =
        switch (family) {
          case "xlstm" -> Golden.root().resolve("xlstm/hf_single");
          case "vil" -> Golden.root().resolve("vil/v2_flatten_32");
          case "tirex2" -> Golden.root().resolve("tirex2/plain");
          case "lram" -> Golden.pretrained("lram-control");
          default -> Golden.pretrained("tirex-mini");
        };
    Config damaged = with(folder, key, value);
    ModelFormatException refusal = assertThrows(ModelFormatException.class, () -> read(damaged));
    assertTrue(refusal.getMessage().contains("config.json: " + key), refusal.getMessage());
    read(with(folder, key, good));
  }
}
