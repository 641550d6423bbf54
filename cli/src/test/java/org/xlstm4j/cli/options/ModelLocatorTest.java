package org.xlstm4j.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.cli.hub.HubEnvironment;

class ModelLocatorTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir private Path temporary;
  private ModelLocator locator;
  private Path snapshot;

  @BeforeEach
  void lay() throws IOException {
    Path shipped = Files.createDirectories(temporary.resolve("shipped"));
    Files.createDirectories(shipped.resolve("mini"));
    Files.writeString(shipped.resolve("mini/config.json"), "{}");
    Path cache = temporary.resolve("cache");
    Path folder = cache.resolve("models--org--model");
    snapshot = Files.createDirectories(folder.resolve("snapshots").resolve(COMMIT));
    Files.createDirectories(folder.resolve("refs"));
    // as other tools may have written it
    Files.writeString(folder.resolve("refs/main"), COMMIT + "\n");
    locator =
        new ModelLocator(
            shipped, new HubEnvironment(Map.of("HF_HUB_CACHE", cache.toString()), temporary));
  }

  @Test
  void whatWasPulledIsFound() throws IOException {
    assertEquals(snapshot, locator.find("org/model"));
    assertEquals(snapshot, locator.find("org/model@main"));
    assertEquals(snapshot, locator.find("org/model@" + COMMIT));
    assertEquals(temporary.resolve("shipped/mini"), locator.find("mini"));
  }

  @Test
  void aFolderOfThatNameWins() throws IOException {
    assertEquals(temporary, locator.find(temporary.toString()));
    Path folder = Path.of("target", "model-locator-test");
    Files.createDirectories(folder);
    try {
      assertEquals(folder, locator.find("target/model-locator-test"));
    } finally {
      Files.delete(folder);
    }
  }

  private void assertMissing(String name, String words) {
    IOException missing = assertThrows(IOException.class, () -> locator.find(name));
    assertTrue(missing.getMessage().startsWith(name + ": "), missing.getMessage());
    assertTrue(missing.getMessage().contains(words), missing.getMessage());
  }

  @Test
  void whatIsMissingCanBePulled() throws IOException {
    assertMissing("org/other", "xlstm pull org/other");
    assertMissing("org/model@v2", "xlstm pull org/model@v2");
    assertMissing("a/b/c", "no shipped model of that name; found mini");
    assertMissing("other", "no shipped model of that name; found mini");
    Files.delete(snapshot);
    assertMissing("org/model", "xlstm pull org/model");
  }

  @Test
  void aRevisionThatLeadsElsewhereIsRefused() throws IOException {
    Path ref = snapshot.resolve("../../refs/main").normalize();
    Files.writeString(ref, "../../..");
    IOException refused = assertThrows(IOException.class, () -> locator.find("org/model"));
    assertTrue(refused.getMessage().startsWith(ref + ": "), refused.getMessage());
  }
}
