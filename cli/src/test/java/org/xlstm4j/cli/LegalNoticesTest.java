package org.xlstm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The image may only contain modules of others that say under which terms they are. */
class LegalNoticesTest {
  private static final Path KEPT = Path.of("src", "image", "legal");

  @Test
  void eachModuleOfOthersHasNotices() throws IOException {
    Path[] classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(Path::of)
            .filter(Files::exists)
            .toArray(Path[]::new);
    Configuration image =
        Configuration.empty()
            .resolve(
                ModuleFinder.of(classPath), ModuleFinder.ofSystem(), Set.of("org.xlstm4j.cli"));
    List<String> others = new ArrayList<>();
    List<String> without = new ArrayList<>();
    for (ResolvedModule module : image.modules()) {
      String name = module.name();
      if (!name.matches("(org\\.xlstm4j|java|jdk)\\..*")) {
        others.add(name);
        if (!inJar(module.reference()) && !kept(name)) {
          without.add(name);
        }
      }
    }
    assertTrue(others.contains("info.picocli"), others.toString());
    assertEquals(List.of(), without, "modules without notices in their jar or in " + KEPT);
  }

  private static boolean inJar(ModuleReference module) throws IOException {
    try (ModuleReader reader = module.open();
        Stream<String> entries = reader.list()) {
      return entries.anyMatch(entry -> entry.matches("META-INF/[^/]*(LICENSE|NOTICE)[^/]*"));
    }
  }

  /** A folder is for all modules whose names begin with its own. */
  private static boolean kept(String module) throws IOException {
    try (Stream<Path> folders = Files.list(KEPT)) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .anyMatch(name -> module.equals(name) || module.startsWith(name + "."));
    }
  }
}
