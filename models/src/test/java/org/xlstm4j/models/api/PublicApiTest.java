package org.xlstm4j.models.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.KernelPath;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.models.Models;

/**
 * The public API is what {@code docs/api} says. Whoever changes it on purpose renews these files
 * with {@code -Dapi.renew} and has the difference reviewed.
 */
class PublicApiTest {
  @ParameterizedTest
  @ValueSource(classes = {KernelPath.class, Checkpoint.class, Models.class})
  void isAsDescribed(Class<?> member) throws IOException {
    List<String> lines = ModuleApi.of(member);
    String module = lines.getFirst().substring("module ".length());
    Path file =
        Path.of(System.getProperty("xlstm4j.pretrained"), "../../docs/api", module + ".txt");
    if (Boolean.getBoolean("api.renew")) {
      Files.write(file, lines);
    }
    assertEquals("", difference(Files.readAllLines(file), lines), "changes of " + module);
  }

  /** Lines that are on one side alone; the order counts only if there are none. */
  private static String difference(List<String> described, List<String> found) {
    if (described.equals(found)) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    TreeSet<String> gone = new TreeSet<>(described);
    found.forEach(gone::remove);
    gone.forEach(line -> text.append("- ").append(line.strip()).append('\n'));
    TreeSet<String> added = new TreeSet<>(found);
    described.forEach(added::remove);
    added.forEach(line -> text.append("+ ").append(line.strip()).append('\n'));
    return text.isEmpty() ? "lines that move or repeat" : text.toString();
  }
}
