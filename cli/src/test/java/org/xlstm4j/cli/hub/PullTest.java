package org.xlstm4j.cli.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model from a hub, and what an earlier program left of it. */
class PullTest {
  private static final List<String> NEEDED =
      List.of("config.json", "model.safetensors", "tokenizer.json");

  @TempDir private Path temporary;
  private FakeHub hub;

  @BeforeEach
  void open() {
    hub = new FakeHub(temporary);
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  private void assertWhole() throws IOException {
    Path snapshot = hub.folder().resolve("snapshots").resolve(hub.commit);
    assertEquals(snapshot, hub.cache().find());
    assertEquals(NEEDED, names(snapshot));
    for (String name : NEEDED) {
      assertArrayEquals(hub.files.get(name), Files.readAllBytes(snapshot.resolve(name)), name);
    }
    List<String> digests = NEEDED.stream().map(hub::digest).sorted().toList();
    assertEquals(digests, names(hub.folder().resolve("blobs")));
  }

  @Test
  void theFolderIsLaidOutAsByTheHubsTools() throws IOException {
    Pull.Result result = hub.run();
    assertWhole();
    assertEquals(hub.commit, Files.readString(hub.folder().resolve("refs/main")));
    Path config = result.folder().resolve("config.json");
    assertEquals(Path.of("../../blobs", hub.digest("config.json")), Files.readSymbolicLink(config));
    assertEquals(3, result.files());
    assertEquals(result.bytes(), result.received());
    assertTrue(hub.waits.isEmpty());
  }

  @Test
  void whatIsThereIsNotAskedForAgain() throws IOException {
    hub.run();
    int before = hub.server.requests().size();
    assertEquals(0, hub.run().received());
    assertEquals(before + 2, hub.server.requests().size());
    assertEquals(1, hub.storage.requests().size());
  }

  @Test
  void aNewCommitSharesWhatDidNotChange() throws IOException {
    hub.run();
    hub.commit = "f".repeat(40);
    byte[] config = "{\"model_type\": \"vil\"}".getBytes(UTF_8);
    hub.files.put("config.json", config);
    assertEquals(config.length, hub.run().received());
    assertEquals(1, hub.storage.requests().size());
    assertEquals(List.of(FakeHub.COMMIT, hub.commit), names(hub.folder().resolve("snapshots")));
    Path found = hub.cache().find();
    assertArrayEquals(config, Files.readAllBytes(found.resolve("config.json")));
  }

  @Test
  void aRevisionIsKeptUnderItsName() throws IOException {
    hub.pull("org/model@refs/pr/1").run((done, total) -> {});
    assertEquals(
        "/api/models/org/model/revision/refs%2Fpr%2F1", hub.server.requests().get(0).path());
    assertEquals(hub.commit, Files.readString(hub.folder().resolve("refs/refs/pr/1")));
    Path root = hub.environment().cache();
    Path snapshot = hub.folder().resolve("snapshots").resolve(hub.commit);
    assertEquals(snapshot, new ModelCache(root, FakeHub.name("org/model@refs/pr/1")).find());
    assertEquals(snapshot, new ModelCache(root, FakeHub.name("org/model@" + hub.commit)).find());
    assertEquals(null, new ModelCache(root, FakeHub.name("org/model")).find());
  }

  @Test
  void everyFileComesIfAskedFor() throws IOException {
    hub.files.put("folder/sub/a b+.txt", new byte[] {1});
    hub.fault =
        request ->
            request.path().endsWith("/folder/sub/a%20b%2B.txt")
                ? FakeHub.part(request, new byte[] {1})
                : null;
    Pull pull = new Pull(hub.environment(), FakeHub.name("org/model"), true, hub.waits::add, 1000);
    assertEquals(5, pull.run((done, total) -> {}).files());
    Path link = hub.cache().find().resolve("folder/sub/a b+.txt");
    assertArrayEquals(new byte[] {1}, Files.readAllBytes(link));
    assertTrue(Files.readSymbolicLink(link).startsWith("../../../../blobs"));
  }

  @Test
  void progressEndsAtTheTotal() throws IOException {
    long[] last = {0, 0};
    Pull.Result result =
        hub.pull("org/model")
            .run(
                (done, total) -> {
                  assertTrue(done >= last[0]);
                  last[0] = done;
                  last[1] = total;
                });
    assertArrayEquals(new long[] {result.received(), result.received()}, last);
  }

  @Test
  void aPartIsContinued() throws IOException {
    leave("model.safetensors", 100_000, false);
    assertEquals(
        hub.files.get("model.safetensors").length - 100_000, received("model.safetensors"));
    assertEquals("bytes=100000-", hub.storage.requests().get(0).headers().get("range"));
    assertWhole();
  }

  @Test
  void aPartThatIsWholeIsTaken() throws IOException {
    leave("model.safetensors", 300_000, false);
    hub.run();
    assertTrue(hub.storage.requests().isEmpty());
    assertWhole();
  }

  @Test
  void aPartThatIsDamagedOrTooLongIsForgotten() throws IOException {
    leave("model.safetensors", 100_000, true);
    hub.run();
    assertEquals(2, hub.storage.requests().size());
    assertWhole();
    Files.delete(hub.folder().resolve("blobs").resolve(hub.digest("model.safetensors")));
    leave("model.safetensors", 300_001, true);
    hub.run();
    assertWhole();
  }

  @Test
  void aBlobOfAnotherLengthIsReplaced() throws IOException {
    hub.run();
    Path blob = hub.folder().resolve("blobs").resolve(hub.digest("model.safetensors"));
    Files.write(blob, new byte[10]);
    hub.run();
    assertWhole();
  }

  @Test
  void anInterruptedPullGoesOnWhereverItStopped() throws IOException {
    int stops = 0;
    for (boolean through = false; !through; stops++) {
      int[] calls = {0};
      try {
        hub.pull("org/model")
            .run(
                (done, total) -> {
                  if (++calls[0] == 2) {
                    throw new IllegalStateException("stop");
                  }
                });
        through = true;
      } catch (IllegalStateException e) {
        assertEquals("stop", e.getMessage());
        assertEquals(null, hub.cache().find());
      }
    }
    assertTrue(stops > 2, "stops: " + stops);
    assertWhole();
    // between links and the revision
    Files.delete(hub.folder().resolve("refs/main"));
    Files.delete(hub.cache().snapshot(hub.commit).resolve("config.json"));
    assertEquals(0, hub.run().received());
    assertWhole();
  }

  @Test
  void aLinkThatLeadsElsewhereIsReplaced() throws IOException {
    hub.run();
    Path link = hub.cache().find().resolve("config.json");
    Path other = Files.write(temporary.resolve("other"), hub.files.get("config.json"));
    Files.delete(link);
    Files.createSymbolicLink(link, other);
    hub.run();
    assertWhole();
    assertTrue(Files.exists(other));
  }

  @Test
  void aModelWithoutWeightsIsRefused() {
    hub.files.remove("model.safetensors");
    IOException refused = assertThrows(IOException.class, hub::run);
    assertTrue(refused.getMessage().contains("no weights"), refused.getMessage());
    assertFalse(Files.exists(hub.folder()));
  }

  private void leave(String name, int length, boolean damaged) throws IOException {
    hub.cache().create();
    byte[] start = Arrays.copyOf(hub.files.get(name), length);
    if (damaged) {
      start[5]++;
    }
    Files.write(hub.folder().resolve("blobs").resolve(hub.digest(name) + ".incomplete"), start);
  }

  /** The bytes of a file that came from the storage. */
  private long received(String name) throws IOException {
    Pull.Result result = hub.run();
    long others = 0;
    for (String other : NEEDED) {
      others += other.equals(name) ? 0 : hub.files.get(other).length;
    }
    return result.received() - others;
  }
}
