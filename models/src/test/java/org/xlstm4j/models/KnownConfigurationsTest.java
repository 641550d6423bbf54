package org.xlstm4j.models;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;

/** No key of a configuration that changes what a model computes is passed over. */
@Tag("slow")
class KnownConfigurationsTest {
  private static final Path GOLDEN = Path.of(System.getProperty("xlstm4j.golden"));
  private static final Path PRETRAINED = Path.of(System.getProperty("xlstm4j.pretrained"));

  private final Logger logger = Logger.getLogger("org.xlstm4j.loader");
  private final List<String> warnings = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          warnings.add(entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }

  static Stream<Path> configurations() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path root : List.of(PRETRAINED, GOLDEN)) {
      try (Stream<Path> all = Files.walk(root, 3)) {
        all.filter(file -> file.endsWith("config.json") || file.endsWith("config.yaml"))
            .filter(file -> Files.exists(file.resolveSibling("model.safetensors")))
            .filter(file -> !file.toString().contains("_cell_"))
            .sorted()
            .forEach(files::add);
      }
    }
    return files.stream();
  }

  /** Reads a configuration as its family does. */
  private static void read(Config config) throws IOException {
    Models.random(config, WeightType.F32).close();
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void shippedAndGoldenModelsAreReadWithoutAWarning(Path file) throws IOException {
    read(Config.read(file));
    assertEquals(List.of(), warnings);
  }

  @Test
  void thereAreConfigurationsOfAllFamilies() throws IOException {
    assertTrue(configurations().count() > 25, "found " + configurations().toList());
  }

  @ParameterizedTest
  @CsvSource({
    "xlstm-lm, position_embeddings, rot_1d",
    "xlstm-lm, bidirectional, true",
    "xlstm-large-mini, position_embeddings, rot_1d",
    "xlstm-large-mini, add_qk_norm, true",
    "xlstm-large-mini, rope_theta, 10000",
    "vil-fashion, layerscale, 0.1",
    "vil-fashion, alternation, unidirectional",
    "lram-control, stochastic_policy, true",
    "lram-control, image_encoder, nature",
  })
  void whatChangesTheResultAndIsNotSupportedIsRefusedByName(String model, String key, String value)
      throws IOException {
    Config config = Config.ofFolder(PRETRAINED.resolve(model));
    Object typed =
        switch (value) {
          case "true" -> true;
          case "10000" -> 10000;
          case "0.1" -> 0.1;
          default -> value;
        };
    ModelFormatException refused =
        assertThrows(ModelFormatException.class, () -> read(config.with(key, typed)));
    assertTrue(refused.getMessage().contains(key + ": expected"), refused.getMessage());
    assertTrue(refused.getMessage().contains(value), refused.getMessage());
    ThrowingConsumer<Object> off = none -> read(config.with(key, none));
    for (Object none : new Object[] {null, false, "none", 0, List.of()}) {
      assertDoesNotThrow(() -> off.accept(none));
    }
    assertEquals(List.of(), warnings);
  }

  @Test
  void optionsWithinPartsAreRefusedToo() throws IOException {
    Config config = Config.ofFolder(PRETRAINED.resolve("xlstm-lm"));
    Config block = config.child("slstm_block");
    Config clipped =
        config.with(
            "slstm_block", block.with("slstm", block.child("slstm").with("forward_clipval", 1.5)));
    ModelFormatException refused = assertThrows(ModelFormatException.class, () -> read(clipped));
    assertTrue(
        refused.getMessage().contains("slstm_block.slstm.forward_clipval: expected none"),
        refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"xlstm-lm", "xlstm-large-mini", "vil-fashion", "lram-control", "tirex-mini"})
  void unknownKeysAreToldInOneWarning(String model) throws IOException {
    Config config = Config.ofFolder(PRETRAINED.resolve(model));
    read(config.with("gate_warp", 2).with("head_twist", true).with("_note", "x").with("no", null));
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(
        warnings.getFirst().contains("gate_warp, head_twist: not used"), warnings.toString());
    assertTrue(warnings.getFirst().startsWith(config.file().toString()), warnings.toString());
  }

  @Test
  void unknownKeysOfTasksAreNamedInFull() throws IOException {
    Config config = Config.ofFolder(PRETRAINED.resolve("lram-control"));
    Config tasks = config.child("tasks");
    Config changed = tasks.child("Pendulum-v1").with("act_shift", 1);
    read(config.with("tasks", tasks.with("Pendulum-v1", changed)));
    assertEquals(1, warnings.size(), warnings.toString());
    assertTrue(warnings.getFirst().contains("tasks.Pendulum-v1.act_shift"), warnings.toString());
  }
}
