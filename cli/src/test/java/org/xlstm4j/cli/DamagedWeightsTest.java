package org.xlstm4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One weight of the last layer is no number: no command gives a result, or says that it is done.
 */
@Tag("slow")
class DamagedWeightsTest {
  private static final byte[] BFLOAT16_NAN = {(byte) 0xc0, 0x7f};

  @TempDir private Path folder;
  private String model = "";
  private String output = "";

  @BeforeEach
  void name() {
    model = folder.toString();
    output = folder.resolve("out.safetensors").toString();
  }

  /** A shipped model with a tensor of 16-bit floats whose first element is NaN. */
  private Path damage(String name, String tensor) throws IOException {
    Path source = Outcome.pretrained(name);
    for (String file : new String[] {"config.json", "tokenizer.json"}) {
      if (Files.exists(source.resolve(file))) {
        Files.copy(source.resolve(file), folder.resolve(file));
      }
    }
    byte[] weights = Files.readAllBytes(source.resolve("model.safetensors"));
    int header = (int) ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN).getLong();
    Matcher entry =
        Pattern.compile(
                "\"" + Pattern.quote(tensor) + "\":\\{[^}]*\"data_offsets\":\\s*\\[([0-9]+)")
            .matcher(new String(weights, 8, header, UTF_8));
    assertTrue(entry.find(), tensor);
    int offset = 8 + header + Integer.parseInt(entry.group(1));
    System.arraycopy(BFLOAT16_NAN, 0, weights, offset, 2);
    Files.write(folder.resolve("model.safetensors"), weights);
    return source;
  }

  @Test
  void languageModels() throws IOException {
    Path source = damage("xlstm-lm", "lm_head.weight");
    String text = source.resolve("heldout_railway_children.txt").toString();
    String nan = "the model's logits are NaN";
    Outcome.of("perplexity", "-m", model, text, "--limit", "20").assertFailed(nan);
    Outcome.of("perplexity", "-m", model, text, "--window", "8", "--json").assertFailed(nan);
    Outcome.of("generate", "-m", model, "-p", "x", "-n", "3").assertFailed(nan);
    Path ids = folder.resolve("ids.safetensors");
    References.rename(
        source.resolve("reference.safetensors"), ids, Map.of("prompt.0.input_ids", "input_ids"));
    for (String mode : new String[] {"chunk", "step"}) {
      Outcome.of("run", "-m", model, "--input", ids.toString(), "--output", output, "--mode", mode)
          .assertFailed(nan);
    }
  }

  @Test
  void pictureModels() throws IOException {
    Path source = damage("vil-fashion", "head.bias");
    Path images = source.resolve("images");
    String picture;
    try (Stream<Path> files = Files.list(images)) {
      picture = files.sorted().findFirst().orElseThrow().toString();
    }
    Outcome.of("classify", "-m", model, picture).assertFailed("the model's logits are NaN");
    Outcome.of("classify", "-m", model, picture, "--json", "--threads", "2")
        .assertFailed("the model's logits are NaN");
  }

  @Test
  void forecasters() throws IOException {
    Path source = damage("tirex-mini", "output_patch_embedding.output_layer.bias");
    String series = source.resolve("co2_weekly.csv").toString();
    Outcome.of("forecast", series, "--column", "co2", "--horizon", "3", "-m", model)
        .assertFailed("the model's quantiles are NaN");
  }
}
