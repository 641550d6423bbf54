package org.xlstm4j.models.hostile;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.testing.Golden;
import org.xlstm4j.models.vision.VisionModel;

/**
 * Folders whose configuration and weights do not fit: each is refused in one line, or works. The
 * test JVM has little memory, so that a length which is believed before it is checked shows.
 */
@Tag("slow")
class HostileModelTest {
  /** A value of a key: a number, a word, true, false or null. */
  private static final Pattern VALUE =
      Pattern.compile("(\"[A-Za-z_]+\": )(-?[0-9.eE+-]+|\"[^\"]*\"|true|false|null)");

  private static final List<String> LIES =
      List.of("0", "-1", "3", "1000000000", "2147483648", "1e400", "0.5", "null", "\"x\"", "[]");

  @TempDir private Path temporary;

  private Path copy(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (!file.endsWith("expected.safetensors")) {
          Files.copy(file, temporary.resolve(file.getFileName()));
        }
      }
    }
    return temporary;
  }

  /** Opens a model and lets it work a little. */
  private static void use(Path folder) throws IOException {
    try (Model opened = Models.open(folder)) {
      switch (opened) {
        case VisionModel model -> model.newSession(Team.of(1));
        case ActionModel model ->
            model.newSession(ActionTask.ofVectors(3, model.actionWidth(), 1, 0), Team.of(1));
        case ForecastModel model ->
            model.forecast(List.of(new float[] {1, 2, 3, 5}), 3, 1, Team.of(1));
        case LanguageModel model -> model.newSession(Team.of(1)).step(0);
        default -> throw new AssertionError(opened.family());
      }
    }
  }

  private static void assertRefusedOrWorks(Path folder, String what) {
    assertDoesNotThrow(
        () -> {
          try {
            use(folder);
          } catch (ModelFormatException refused) {
            assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
          }
        },
        what);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "xlstm/hf_single",
        "xlstm/large_fused_bias_bf16",
        "xlstm/lm_mixed_1to1",
        "vil/v2_flatten_32",
        "vil/v1_avg_32",
        "lram/vector_ms",
        "xlstm/tirex_a",
        "tirex2/plain"
      })
  void aConfigurationThatLiesIsRefusedOrHarmless(String name) throws IOException {
    Path folder = copy(Golden.root().resolve(name));
    Path file = folder.resolve("config.json");
    String text = Files.readString(file);
    Files.delete(file);
    Matcher value = VALUE.matcher(text);
    List<int[]> places = new ArrayList<>();
    while (value.find()) {
      places.add(new int[] {value.start(2), value.end(2)});
    }
    assertTrue(places.size() > 8, "values in " + name);
    for (int[] place : places) {
      for (String lie : LIES) {
        Files.writeString(file, text.substring(0, place[0]) + lie + text.substring(place[1]));
        assertRefusedOrWorks(
            folder, text.substring(Math.max(place[0] - 30, 0), place[1]) + " is " + lie);
      }
    }
  }

  /** The header of the weights is changed in place: other shapes, other names, other types. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "xlstm/hf_single",
        "xlstm/lm_slstm_at_1",
        "vil/v2_flatten_32",
        "lram/action_tokens",
        "xlstm/tirex_a",
        "tirex2/plain",
        "tirex2/mixed"
      })
  void tensorsOfOtherShapesAreNamed(String name) throws IOException {
    Path folder = copy(Golden.root().resolve(name));
    Path file = folder.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    Matcher shape =
        Pattern.compile("\"([^\"]+)\":\\{[^}]*\"shape\":\\[([0-9]+),([0-9]+)\\]").matcher(text);
    int refused = 0;
    while (shape.find()) {
      String swapped = shape.group(3) + "," + shape.group(2);
      String changed = text.substring(0, shape.start(2)) + swapped + text.substring(shape.end(3));
      // heads that predict what is only asked for in training are not read
      if (!changed.equals(text) && !shape.group(1).startsWith("predict_")) {
        Files.write(file, changed.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        assertThrows(ModelFormatException.class, () -> use(folder), shape.group());
        refused++;
      }
    }
    assertTrue(refused > 0);
  }

  @Test
  void allThatIsMissingIsInOneError() throws IOException {
    Path folder = copy(Golden.root().resolve("xlstm/hf_single"));
    Path file = folder.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    text = text.replace("ffn.proj_up.weight", "ffn.proj_xx.weight");
    Files.write(file, text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    String message = assertThrows(ModelFormatException.class, () -> use(folder)).getMessage();
    assertTrue(message.contains("blocks.0.ffn.proj_up.weight"), message);
    assertTrue(message.contains("blocks.1.ffn.proj_up.weight"), message);
    assertTrue(message.startsWith(folder.toString()), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "model.ckpt"})
  void weightsThatEndTooEarlyAreRefused(String weights) throws IOException {
    Path folder = copy(Golden.root().resolve("xlstm/tirex_a"));
    Path file = folder.resolve(weights);
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(folder.resolve("model.safetensors"));
    Files.deleteIfExists(folder.resolve("model.ckpt"));
    Files.write(file, bytes);
    use(folder);
    Files.delete(file);
    for (int part = 0; part < 16; part++) {
      Files.write(file, Arrays.copyOf(bytes, bytes.length * part / 16));
      assertThrows(ModelFormatException.class, () -> use(folder), part + " of 16 parts");
    }
  }
}
