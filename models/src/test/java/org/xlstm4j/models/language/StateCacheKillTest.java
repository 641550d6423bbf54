package org.xlstm4j.models.language;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.testing.Golden;

/**
 * A process that keeps states is killed at any moment, again and again; a hundred times with {@code
 * -Dxlstm4j.kills=100}.
 */
@Tag("slow")
class StateCacheKillTest {
  private static final Path MODEL = Golden.root().resolve("xlstm").resolve("hf_single");

  @Test
  void nothingIsLostOrMixedUp(@TempDir Path temporary) throws Exception {
    Path folder = temporary.resolve("states");
    Path said = temporary.resolve("said");
    Random random = new Random();
    int kept = 0;
    try (LanguageModel model = LanguageModel.open(MODEL)) {
      WarmUp.complete();
      LanguageSession session = model.newSession(Team.of(1));
      LanguageSession expected = model.newSession(Team.of(1));
      for (int kill = Integer.getInteger("xlstm4j.kills", 3); kill > 0; kill--) {
        int last = kept;
        kept = killed(folder, said, kept, random);
        assertTrue(kept > last, "the program works between kills");
        try (StateCache cache =
            StateCache.inFolder(model, StateCacheProgram.BYTES, folder, StateCacheProgram.BYTES)) {
          assertEquals(0, cache.contents().discarded());
          // the last one may have been written whole before it was said
          assertTrue(cache.contents().files() == kept || cache.contents().files() == kept + 1);
          for (int i = kept - 1; i >= Math.max(0, kept - 300); i--) {
            int[] text = StateCacheProgram.text(model, i);
            assertEquals(text.length, cache.restore(text, session));
            expected.reset();
            expected.feed(text);
            assertArrayEquals(expected.logits(), session.logits());
            assertEquals(-1, expected.state().segment().mismatch(session.state().segment()));
          }
        }
        try (Stream<Path> files = Files.list(folder)) {
          assertTrue(files.noneMatch(file -> file.toString().endsWith(".tmp")));
        }
      }
    }
  }

  /** Runs the program from a text on, kills it, and gives the number behind the last it kept. */
  private static int killed(Path folder, Path said, int from, Random random)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                StateCacheProgram.class.getName(),
                MODEL.toString(),
                folder.toString(),
                Integer.toString(from))
            .redirectOutput(said.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    while (process.isAlive() && Files.size(said) == 0) {
      Thread.sleep(1);
    }
    Thread.sleep(random.nextInt(150), random.nextInt(1_000_000));
    process.destroyForcibly();
    process.waitFor();
    int kept = from;
    for (String line : Files.readAllLines(said)) {
      // a number may be cut by the kill
      if (line.equals(Integer.toString(kept))) {
        kept++;
      }
    }
    return kept;
  }
}
