package org.xlstm4j.reliability.supply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The jars of others are those that were looked at. */
class DependenciesTest {
  private static final String OWN = "xlstm4j-";

  @Test
  void jarsHaveTheDigestsOfTheList() throws IOException, NoSuchAlgorithmException {
    Path corpus = Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.corpus")));
    Map<String, String> listed = new TreeMap<>();
    for (String line : Files.readAllLines(corpus.resolveSibling("dependencies.sha256"))) {
      String[] parts = line.split(" +", 2);
      listed.put(parts[1], parts[0]);
    }
    Map<String, String> found = new TreeMap<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path jar = Path.of(entry);
      String name = String.valueOf(jar.getFileName());
      if (name.endsWith(".jar") && !name.startsWith(OWN) && !name.startsWith("surefire")) {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar));
        found.put(name, HexFormat.of().formatHex(digest));
      }
    }
    assertTrue(found.size() > 5, found.toString());
    found.forEach(
        (name, digest) ->
            assertEquals(digest, listed.get(name), name + " in reliability/dependencies.sha256"));
  }
}
