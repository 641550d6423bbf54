package org.xlstm4j.models.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
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
  private static final Path ROOT = Path.of(System.getProperty("xlstm4j.pretrained"), "../..");

  @ParameterizedTest
  @ValueSource(classes = {KernelPath.class, Checkpoint.class, Models.class})
  void isAsDescribed(Class<?> member) throws IOException {
    ModuleApi api = new ModuleApi(member);
    List<String> lines = api.describe();
    Path file = ROOT.resolve("docs/api").resolve(api.name() + ".txt");
    if (Boolean.getBoolean("api.renew")) {
      Files.write(file, lines);
    }
    assertEquals(
        "", difference(Files.readAllLines(file), lines), "lines gone from and new in " + file);
  }

  /** The comparison with releases, which knows nothing of modules, leaves out what is hidden. */
  @Test
  void whatIsHiddenIsNotCompared() throws IOException {
    Set<String> hidden = new TreeSet<>();
    for (Class<?> member : List.of(KernelPath.class, Checkpoint.class, Models.class)) {
      hidden.addAll(new ModuleApi(member).hidden());
    }
    Set<String> excluded = new TreeSet<>();
    Pattern.compile("<exclude>(org\\.xlstm4j\\.[a-z0-9.]+)</exclude>")
        .matcher(Files.readString(ROOT.resolve("pom.xml")))
        .results()
        .map((MatchResult match) -> match.group(1))
        .forEach(excluded::add);
    assertEquals(hidden, excluded, "packages in the profile api of pom.xml");
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
