package org.xlstm4j.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.formats.SafetensorsBytes;

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
  void followsLinksOutOfTheFolder() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    write("elsewhere.bin", "a");
    Files.createSymbolicLink(inner.resolve("s.safetensors"), Path.of("../elsewhere.bin"));
    Path index = inner.resolve("model.safetensors.index.json");
    Files.writeString(index, "{\"weight_map\":{\"a\":\"s.safetensors\"}}");
    Checkpoint.open(inner).close();
    Files.delete(index);
    Files.createSymbolicLink(inner.resolve("model.safetensors"), Path.of("s.safetensors"));
    Checkpoint.open(inner).close();
  }

  @Test
  void namesLinksToNothing() throws IOException {
    Path link = folder.resolve("model.safetensors");
    Files.createSymbolicLink(link, Path.of("/no/such/file"));
    assertRefused("model.safetensors: file", "a link to a file that is not there");
    Files.delete(link);
    write("s1.safetensors", "a");
    index("\"a\":\"s1.safetensors\",\"b\":\"s2.safetensors\"");
    Files.createSymbolicLink(folder.resolve("s2.safetensors"), Path.of("/no/such/file"));
    assertRefused("s2.safetensors: file", "a link to a file that is not there");
    Files.createSymbolicLink(folder.resolve("config.json"), Path.of("/no/such/file"));
    Refusals.assertRefused(() -> Config.ofFolder(folder), "config.json: file", "a link to");
  }

  @Test
  void followsACacheWhoseBlobsAreALink() throws IOException {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Path cache = Files.createDirectory(folder.resolve("cache"));
    Path revision = Files.createDirectories(cache.resolve("snapshots/0123"));
    Files.write(disk.resolve("cafe"), holding("a"));
    Files.createSymbolicLink(cache.resolve("blobs"), Path.of("../disk"));
    Files.createSymbolicLink(revision.resolve("s.safetensors"), Path.of("../../blobs/cafe"));
    Files.writeString(
        revision.resolve("model.safetensors.index.json"),
        "{\"weight_map\":{\"a\":\"s.safetensors\"}}");
    Checkpoint.open(revision).close();
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
    assertRefused("found 2 of the latter: a.ckpt, b.pth;", "give the path of the one");
  }

  @Test
  void prefersTheArchiveOfHuggingFacesName() throws IOException {
    Files.write(folder.resolve("pytorch_model.bin"), resource("linear.pth"));
    Files.createFile(folder.resolve("optimizer.pt"));
    Files.createFile(folder.resolve("scheduler.pt"));
    try (Checkpoint whole = Checkpoint.open(folder);
        Checkpoint file = Checkpoint.open(folder.resolve("pytorch_model.bin"))) {
      assertTrue(whole.parameters() > 0);
      assertEquals(whole.names(), file.names());
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = CheckpointFilesTest.class.getResourceAsStream("/archives/" + name)) {
      return in.readAllBytes();
    }
  }

  @Test
  void refusesWhatIsNoRegularFile() throws IOException {
    Files.createDirectory(folder.resolve("model.safetensors"));
    assertRefused("a readable file", "a folder");
  }
}
