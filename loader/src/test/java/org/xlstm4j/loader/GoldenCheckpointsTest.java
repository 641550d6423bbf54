package org.xlstm4j.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.tensors.Tensor;

/** Every published file that comes with the project opens and holds numbers. */
@Tag("slow")
class GoldenCheckpointsTest {
  private static final Path GOLDEN = Path.of(System.getProperty("xlstm4j.golden", ""));
  private static final Path PRETRAINED = Path.of(System.getProperty("xlstm4j.pretrained", ""));

  private static List<Path> find(String suffix) throws IOException {
    try (Stream<Path> golden = Files.walk(GOLDEN);
        Stream<Path> pretrained = Files.walk(PRETRAINED)) {
      return Stream.concat(golden, pretrained)
          .filter(file -> file.toString().endsWith(suffix))
          .sorted()
          .toList();
    }
  }

  static List<Path> safetensors() throws IOException {
    return find(".safetensors");
  }

  static List<Path> archives() throws IOException {
    return find(".ckpt").stream()
        .filter(file -> Files.exists(file.resolveSibling("model.safetensors")))
        .toList();
  }

  static List<Path> configurations() throws IOException {
    return Stream.concat(find("config.json").stream(), find("config.yaml").stream()).toList();
  }

  static List<Path> folders() throws IOException {
    return find("config.json").stream()
        .filter(file -> !file.endsWith("generation_config.json"))
        .map(Path::getParent)
        .filter(
            folder ->
                Files.exists(folder.resolve("model.safetensors"))
                    || Files.exists(folder.resolve("model.safetensors.index.json")))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("safetensors")
  void opens(Path file) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      assertFalse(checkpoint.names().isEmpty());
      long data = 0;
      for (Tensor tensor : checkpoint) {
        data += tensor.data().byteSize();
        switch (tensor.type()) {
          case F32, BF16, F64 -> assertEquals(tensor.elements(), tensor.toFloats().length);
          default -> assertEquals(tensor.elements(), tensor.toLongs().length);
        }
      }
      assertTrue(data > 0 && data < Files.size(file));
      assertEquals(Files.size(file), checkpoint.byteSize());
    }
  }

  /** TiRex comes both as the published archive and as safetensors of the same values. */
  @ParameterizedTest
  @MethodSource("archives")
  void archivesEqualTheirSafetensors(Path file) throws IOException {
    try (Checkpoint archive = Checkpoint.open(file);
        Checkpoint safetensors = Checkpoint.open(file.resolveSibling("model.safetensors"))) {
      assertEquals(safetensors.names().size(), archive.names().size());
      for (Tensor tensor : archive) {
        Tensor same = safetensors.get(tensor.name().replace("block_stack.", ""));
        assertArrayEquals(same.shape(), tensor.shape(), tensor.name());
        assertArrayEquals(same.toFloats(), tensor.toFloats(), tensor.name());
      }
      Config config = archive.attributes().child("hyper_parameters.model_config");
      assertTrue(config.integer("block_kwargs.num_blocks", 1, 100) > 0);
      assertEquals(9, config.numbers("quantiles").length);
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void opensFolders(Path folder) throws IOException {
    assertFalse(Config.ofFolder(folder).keys().isEmpty());
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertFalse(checkpoint.names().isEmpty());
    }
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void configurationsSurviveBeingWritten(Path file) throws IOException {
    Config config = Config.read(file);
    assertFalse(config.keys().isEmpty());
    Path copy = Files.createTempFile("config", ".json");
    try {
      Files.writeString(copy, config.toJson());
      assertEquals(config.toJson(), Config.read(copy).toJson());
    } finally {
      Files.delete(copy);
    }
  }
}
