package org.xlstm4j.models.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.TensorType;
import org.xlstm4j.models.testing.Golden;

/** Heads in files, as they should be and as they should not. */
class LinearHeadTest {
  @TempDir private Path temporary;

  @Test
  void whatIsWrittenIsRead() throws IOException {
    SeriesStatistics statistics =
        new SeriesStatistics(new double[] {0.1, -3}, new double[] {0, 1e-3});
    LinearHead head =
        new LinearHead(
            LinearHead.Kind.CLASSIFICATION,
            true,
            statistics,
            List.of("a, \"b\"", "\n"),
            new float[] {1, 2, 3, 4, 5, 6},
            new float[] {0.5f, -1});
    Path file = temporary.resolve("head.safetensors");
    head.write(file);
    LinearHead read = LinearHead.read(file);
    assertEquals(head.kind(), read.kind());
    assertEquals(head.labels(), read.labels());
    assertTrue(read.augment());
    assertArrayEquals(head.weight(), read.weight());
    assertArrayEquals(head.bias(), read.bias());
    SeriesStatistics readStatistics = read.options().statistics();
    assertNotNull(readStatistics);
    assertArrayEquals(statistics.means(), readStatistics.means());
    assertArrayEquals(statistics.deviations(), readStatistics.deviations());
    assertArrayEquals(new float[] {0.5f + 1 - 6, -1 + 4 - 12}, read.apply(new float[] {1, 0, -2}));
    assertThrows(IllegalArgumentException.class, () -> read.apply(new float[2]));
  }

  @Test
  void outputsByHand() {
    LinearHead head =
        new LinearHead(
            LinearHead.Kind.REGRESSION,
            false,
            null,
            List.of("value"),
            new float[] {2, -1},
            new float[] {10});
    assertArrayEquals(new float[] {10 + 6 - 5}, head.apply(new float[] {3, 5}));
    float[] probabilities = LinearHead.probabilities(new float[] {0, (float) Math.log(3), -200});
    assertArrayEquals(new float[] {0.25f, 0.75f, 0}, probabilities, 1e-7f);
    assertEquals(1, LinearHead.best(new float[] {-3, 2, 2}));
  }

  @ParameterizedTest
  @CsvSource({
    "head=tree augment=false label.0=a label.1=b, 2x3, 2, head: expected classification",
    "head=regression augment=no label.0=a label.1=b, 2x3, 2, augment: expected true or false",
    "head=regression label.0=a label.1=b, 2x3, 2, augment: expected true or false",
    "head=regression augment=false label.0=a, 2x3, 2, label.1: expected a label",
    "head=regression augment=false label.0=a label.1=b, 2x3, 3, bias",
    "head=regression augment=false label.0=a label.1=b, 6, 2, weight",
    "head=regression augment=false label.0=a, 1x0, 1, weight",
    "head=regression augment=false, 0x3, 0, weight",
    "kind=regression, 2x3, 2, head: expected a linear head"
  })
  void headsThatDoNotFitAreRefused(String texts, String shape, int bias, String found)
      throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    for (String text : texts.split(" ", -1)) {
      metadata.put(text.split("=", 2)[0], text.split("=", 2)[1]);
    }
    List<Long> dimensions = Arrays.stream(shape.split("x", -1)).map(Long::valueOf).toList();
    long count = dimensions.stream().reduce(1L, (a, b) -> a * b);
    Path file = write(metadata, dimensions, new float[(int) count], new float[bias]);
    assertRefused(file, found);
  }

  private Path write(Map<String, String> metadata, List<Long> shape, float[] weight, float[] bias)
      throws IOException {
    Path file = temporary.resolve("head.safetensors");
    List<SafetensorsWriter.Entry> entries = new ArrayList<>();
    entries.add(new SafetensorsWriter.Entry("weight", TensorType.F32, shape));
    entries.add(new SafetensorsWriter.Entry("bias", TensorType.F32, List.of((long) bias.length)));
    try (SafetensorsWriter writer = new SafetensorsWriter(file, entries, metadata)) {
      writer.write(weight);
      writer.write(bias);
      writer.finish();
    }
    return file;
  }

  private static void assertRefused(Path file, String found) {
    String message =
        assertThrows(ModelFormatException.class, () -> LinearHead.read(file)).getMessage();
    assertTrue(message.startsWith(file + ": "), message);
    assertTrue(message.contains(found), message);
    assertFalse(message.contains("\n"), message);
  }

  @Test
  void numbersThatAreNoneAreRefused() throws IOException {
    Map<String, String> metadata =
        Map.of("head", "regression", "augment", "false", "label.0", "value");
    List<Long> shape = List.of(1L, 3L);
    float[] bad = {0, Float.NaN, 0};
    assertRefused(write(metadata, shape, bad, new float[1]), "tensor weight: expected finite");
    float[] infinite = {Float.NEGATIVE_INFINITY};
    assertRefused(write(metadata, shape, new float[3], infinite), "tensor bias: expected finite");
  }

  /** The original's files, a few bytes of their pickle changed in place. */
  @ParameterizedTest
  @CsvSource({
    "classifier, emb_dim, emb_dif, emb_dim",
    "classifier, head_state_dict, head_state_dics, tensors",
    "classifier, 1.weight, 2.weight, weight",
    "classifier, 1.bias, 2.bias, bias",
    "classifier, data_augmentation, data_augmentatiom, data_augmentation",
    "regressor, output_dim, outfit_dim, none"
  })
  void publishedHeadsThatLackAPartAreRefused(String name, String from, String to, String found)
      throws IOException {
    Path golden = Golden.root().resolve("tirex2/embed").resolve(name + ".pt");
    String bytes = Files.readString(golden, StandardCharsets.ISO_8859_1);
    assertTrue(bytes.contains(from));
    Path file = temporary.resolve("head.pt");
    Files.writeString(file, bytes.replace(from, to), StandardCharsets.ISO_8859_1);
    if (found.equals("none")) {
      // files of earlier releases do not name the output
      assertEquals(LinearHead.Kind.REGRESSION, LinearHead.read(file).kind());
    } else {
      assertRefused(file, found);
    }
  }

  /** Numbers in the pickle that do not fit its tensors, and files cut short. */
  @Test
  void publishedHeadsThatLieAreRefused() throws IOException {
    Path golden = Golden.root().resolve("tirex2/embed/classifier.pt");
    byte[] bytes = Files.readAllBytes(golden);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    Path file = temporary.resolve("head.pt");
    for (String key : List.of("emb_dim", "num_classes")) {
      // behind the name: the memo of it, then the opcode K and one byte
      int at = text.indexOf('K', text.indexOf(key) + key.length()) + 1;
      byte[] changed = bytes.clone();
      changed[at]++;
      Files.write(file, changed);
      assertRefused(file, "tensor weight");
    }
    for (int length = 0; length < bytes.length; length += 97) {
      Files.write(file, Arrays.copyOf(bytes, length));
      assertThrows(ModelFormatException.class, () -> LinearHead.read(file), "length " + length);
    }
    assertThrows(ModelFormatException.class, () -> LinearHead.read(temporary));
  }
}
