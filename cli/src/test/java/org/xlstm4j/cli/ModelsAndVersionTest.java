package org.xlstm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.cli.commands.ModelsCommand;

class ModelsAndVersionTest {
  @Test
  void theShippedModelsAreListed() {
    String out = Outcome.of("models").assertDone().out();
    for (String command : new String[] {"generate", "classify", "act", "forecast"}) {
      assertTrue(out.contains(" " + command + " "), out);
    }
    for (String name :
        new String[] {
          "xlstm-large-mini", "xlstm-large-mini-q8", "xlstm-lm", "lram-control", "vil-fashion"
        }) {
      assertTrue(out.contains("\n" + name + " "), out);
    }
  }

  @Test
  void aDescriptionIsTheReadmesFirstClause(@TempDir Path folder) throws IOException {
    Path readme = folder.resolve("README.md");
    Files.writeString(readme, "# Name\n\nA model (of `mine`) for tests: it does nothing.\n");
    assertEquals("A model for tests", ModelsCommand.description(folder));
    Files.writeString(readme, "A" + " (".repeat(1 << 19) + ": b");
    assertTimeoutPreemptively(
        Duration.ofSeconds(2),
        () -> assertEquals((1 << 20) + 1, ModelsCommand.description(folder).length()));
  }

  @Test
  void theListAsJsonIsALineAModel() {
    String out = Outcome.of("models", "--json").out();
    assertTrue(out.lines().count() >= 5, out);
    assertTrue(out.lines().allMatch(line -> line.startsWith("{\"model\":\"")), out);
  }

  @Test
  void theVersionTellsWhatRuns() {
    String out = Outcome.of("version").assertDone().out();
    for (String field :
        new String[] {"xlstm ", "java ", "vector bits ", "kernels ", "onednn ", "blas "}) {
      assertTrue(out.lines().anyMatch(line -> line.startsWith(field)), field + " in\n" + out);
    }
    assertEquals(1, Outcome.of("version", "--json").assertDone().out().lines().count());
  }
}
