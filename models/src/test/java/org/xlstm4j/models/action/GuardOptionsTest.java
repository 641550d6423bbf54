package org.xlstm4j.models.action;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;

/** Limits read from a file. */
class GuardOptionsTest {
  private static final ActionTask TASK = ActionTask.ofVectors(3, 2, 1, 0);

  @TempDir private Path folder;

  private GuardOptions read(String json, ActionTask task) throws IOException {
    Path file = folder.resolve("limits.json");
    return GuardOptions.of(Config.read(Files.writeString(file, json)), task);
  }

  @Test
  void aNumberIsForAllDimensionsAndAListForEach() throws IOException {
    GuardOptions options =
        read("{\"lowest\": -1, \"highest\": [1, 2], \"rate\": 0.5, \"fallback\": [0, 0.5]}", TASK);
    assertEquals(
        List.of(
            ActionLimit.ofRange(-1, 1).withRate(0.5f), ActionLimit.ofRange(-1, 2).withRate(0.5f)),
        options.limits());
    assertEquals(List.of(0f, 0.5f), options.fallback());
    assertEquals(GuardOptions.NONE, read("{}", TASK));
    ActionTask discrete = ActionTask.ofPictures(1, 0);
    assertEquals(List.of(4f), read("{\"fallback\": 4}", discrete).fallback());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "{\"lowest\": [1, 2, 3]} ~ lowest ~ 2, one for each",
        "{\"lowest\": \"a\"} ~ lowest ~ a finite number",
        "{\"lowest\": 2, \"highest\": 1} ~ limits ~ from 2.0 to 1.0",
        "{\"rate\": 0} ~ limits ~ rate 0.0",
        "{\"jerk\": [1, -1]} ~ limits ~ jerk -1.0",
        "{\"highest\": 1, \"fallback\": 2} ~ fallback[0] ~ within the limits",
        "{\"acceleration\": 1} ~ acceleration ~ one of lowest, highest"
      })
  void refusalsNameThePlace(String json, String place, String words) {
    ModelFormatException refused = assertThrows(ModelFormatException.class, () -> read(json, TASK));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(place) && message.contains(words), message);
    assertTrue(message.contains("limits.json"), message);
  }

  @Test
  void discreteActionsHaveNoLimits() {
    ActionTask discrete = ActionTask.ofPictures(1, 0);
    assertThrows(ModelFormatException.class, () -> read("{\"rate\": 1}", discrete));
    assertThrows(ModelFormatException.class, () -> read("{\"fallback\": 0.5}", discrete));
  }
}
