package org.xlstm4j.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointFilesTest {
  @TempDir Path folder;

  private static byte[] holding(String... names) {
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i < names.length; i++) {
      header.append(i == 0 ? "" : ",");
      header.append(
          "\"%s\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[%d,%d]}"
              .formatted(names[i], i, i + 1));
    }
    return SafetensorsBytes.of(header.append('}').toString(), new byte[names.length]);
  }

  private void write(String file, String... tensors) throws IOException {
    Files.write(folder.resolve(file), holding(tensors));
  }

  private void index(String weightMap) throws IOException {
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"metadata\":{\"total_size\":2},\"weight_map\":{" + weightMap + "}}");
  }

  private void assertRefused(String... parts) {
    Refusals.assertRefused(() -> Checkpoint.open(folder), parts);
  }

  private void assertHolds(String... names) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertEquals(List.of(names), List.copyOf(checkpoint.names()));
      checkpoint.prefault();
    }
  }

  @Test
  void refusesNothing() {
    assertRefused("model.safetensors", "found none");
    Refusals.assertRefused(() -> Checkpoint.open(folder.resolve("missing")), "no such file");
  }

  @Test
  void prefersTheWholeFile() throws IOException {
    write("model.safetensors", "a");
    write("model_0.safetensors", "b");
    write("expected.safetensors", "c");
    assertHolds("a");
  }

  @Test
  void readsShards() throws IOException {
    write("s1.safetensors", "b", "a");
    write("s2.safetensors", "c");
    index("\"a\":\"s1.safetensors\",\"c\":\"s2.safetensors\",\"b\":\"s1.safetensors\"");
    assertHolds("b", "a", "c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../s.safetensors",
        "/etc/s.safetensors",
        "a/s.safetensors",
        "a\\\\s.safetensors",
        "C:s.safetensors",
        "..safetensors",
        ".safetensors",
        "",
        "..",
        ".",
        "s.bin",
        "s\\u0000.safetensors",
        "s\\n.safetensors"
      })
  void refusesShardsThatAreMoreThanAName(String name) throws IOException {
    Files.createDirectory(folder.resolve("a"));
    write("a/s.safetensors", "a");
    write("s.safetensors", "a");
    index("\"a\":\"" + name + "\"");
    assertRefused("weight_map", "names of .safetensors files");
  }

  @Test
  void refusesShardsThatLinkOutOfTheFolder() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    write("secret.safetensors", "a");
    write("inner/inside.safetensors", "a");
    Files.createSymbolicLink(inner.resolve("s.safetensors"), Path.of("../secret.safetensors"));
    Files.createSymbolicLink(inner.resolve("t.safetensors"), Path.of("inside.safetensors"));
    Path index = inner.resolve("model.safetensors.index.json");
    Files.writeString(index, "{\"weight_map\":{\"a\":\"s.safetensors\"}}");
    Refusals.assertRefused(() -> Checkpoint.open(inner), "a link to");
    Files.writeString(index, "{\"weight_map\":{\"a\":\"t.safetensors\"}}");
    Checkpoint.open(inner).close();
  }

  @Test
  void followsTheLinksOfHuggingFacesCache() throws IOException {
    Path blobs = Files.createDirectory(folder.resolve("blobs"));
    Path revision = Files.createDirectories(folder.resolve("snapshots/0123"));
    Files.write(blobs.resolve("cafe"), holding("a"));
    Files.createSymbolicLink(revision.resolve("s.safetensors"), Path.of("../../blobs/cafe"));
    Files.writeString(
        revision.resolve("model.safetensors.index.json"),
        "{\"weight_map\":{\"a\":\"s.safetensors\"}}");
    Checkpoint.open(revision).close();
  }

  @Test
  void refusesAnIndexThatLies() throws IOException {
    write("s1.safetensors", "a");
    write("s2.safetensors", "b");
    index("\"a\":\"s1.safetensors\",\"b\":\"s3.safetensors\"");
    assertRefused("the shard s3.safetensors", "no such file");
    index("\"a\":\"s1.safetensors\",\"c\":\"s2.safetensors\"");
    assertRefused("tensor c in s2.safetensors", "no such tensor");
    index("\"a\":\"s2.safetensors\",\"b\":\"s1.safetensors\"");
    assertRefused("tensor a in s2.safetensors", "it in s1.safetensors");
    write("s2.safetensors", "b", "x");
    index("\"a\":\"s1.safetensors\",\"b\":\"s2.safetensors\"");
    assertRefused("s2.safetensors: tensor x", "only tensors of the index");
    write("s2.safetensors", "b", "a");
    assertRefused("tensor a", "each tensor once", "s1.safetensors");
    index("\"a\":\"s1.safetensors\",\"a\":\"s2.safetensors\"");
    assertRefused("uplicate");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "1",
        "{}",
        "{\"weight_map\":{}}",
        "{\"weight_map\":[]}",
        "{\"weight_map\":{\"a\":1}}",
        "{\"weight_map\":{\"a\":{}}}",
        "{\"weight_map\":{\"a\":\"s.safetensors\"}",
        "{\"weight_map\":{\"a\":\"s.safetensors\"}} x",
        "{\"metadata\":{\"weight_map\":{\"a\":\"s.safetensors\"}}}",
      })
  void refusesMalformedIndexes(String text) throws IOException {
    write("s.safetensors", "a");
    Files.writeString(folder.resolve("model.safetensors.index.json"), text);
    assertRefused("model.safetensors.index.json: ");
  }

  @Test
  void refusesAnIndexTruncatedAtEveryByte() throws IOException {
    write("s.safetensors", "a");
    index("\"a\":\"s.safetensors\"");
    Path index = folder.resolve("model.safetensors.index.json");
    byte[] whole = Files.readAllBytes(index);
    assertHolds("a");
    for (int length = 0; length < whole.length; length++) {
      Files.write(index, Arrays.copyOf(whole, length));
      assertRefused("model.safetensors.index.json: ");
    }
  }

  @Test
  void readsNumberedFiles() throws IOException {
    write("model_1.safetensors", "c");
    write("model_0.safetensors", "b", "a");
    write("model_training_names.safetensors", "x");
    assertHolds("b", "a", "c");
    write("model_2.safetensors", "a");
    assertRefused("tensor a", "each tensor once", "model_0.safetensors");
    Files.delete(folder.resolve("model_1.safetensors"));
    assertRefused("no model_1.safetensors");
  }

  @Test
  void refusesSeveralArchivesWithoutAChoice() throws IOException {
    Files.createFile(folder.resolve("a.ckpt"));
    Files.createFile(folder.resolve("b.pth"));
    assertRefused("found 2", "name the file");
  }

  @Test
  void refusesWhatIsNoRegularFile() throws IOException {
    Files.createDirectory(folder.resolve("model.safetensors"));
    assertRefused("a readable file", "a folder");
  }
}
