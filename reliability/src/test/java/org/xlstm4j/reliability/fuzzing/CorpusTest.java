package org.xlstm4j.reliability.fuzzing;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The promise to files from strangers, for the files of the corpus and damaged ones; {@code
 * reliability/fuzz} damages more.
 */
@Tag("slow")
class CorpusTest {
  private static final int DAMAGES = 40;

  @TempDir private Path folder;

  private static List<Path> corpus(FuzzTarget target) throws IOException {
    String name = target.name().toLowerCase(Locale.ROOT);
    Path corpus = Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.corpus")));
    List<Path> files = new ArrayList<>(list(corpus.resolve(name)));
    Path pictures = FamilyReaders.golden("").resolveSibling("resources").resolve("pictures");
    String ending = name.equals("jpeg") ? ".jpg" : "." + name;
    files.addAll(list(pictures).stream().filter(file -> file.toString().endsWith(ending)).toList());
    return files;
  }

  private static List<Path> list(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of(); // pictures have their files elsewhere
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void filesAreReadOrRefused(FuzzTarget target) throws IOException {
    boolean anyRead = false;
    List<Path> corpus = corpus(target);
    for (Path file : corpus) {
      byte[] bytes = Files.readAllBytes(file);
      anyRead |= assertDoesNotThrow(() -> FilePromise.check(target, bytes), file.toString());
    }
    // an index alone names shards that are not there
    assertTrue(anyRead || target == FuzzTarget.INDEX, "all files of " + target + " are refused");
  }

  @ParameterizedTest
  @EnumSource
  void damagedFilesAreReadOrRefused(FuzzTarget target) throws IOException {
    Random random = new Random(7);
    List<byte[]> files = new ArrayList<>();
    for (Path file : corpus(target)) {
      files.add(Files.readAllBytes(file));
    }
    assertAll(
        Stream.generate(() -> damaged(files.get(random.nextInt(files.size())), random))
            .limit(DAMAGES)
            .<Executable>map(file -> () -> FilePromise.check(target, file)));
  }

  /** A file that ends too early, or with a byte or two changed. */
  private static byte[] damaged(byte[] file, Random random) {
    if (file.length == 0 || random.nextInt(3) == 0) {
      return Arrays.copyOf(file, random.nextInt(file.length + 1));
    }
    byte[] changed = file.clone();
    for (int change = random.nextInt(2); change < 2; change++) {
      changed[random.nextInt(file.length)] = (byte) random.nextInt(256);
    }
    return changed;
  }

  /** In a JVM of its own, since the size of its heap is the limit. */
  @Test
  void denseFilesFitTheHeap() throws Exception {
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx" + DenseFiles.HEAP + "m",
                "-cp",
                System.getProperty("java.class.path"),
                DenseFiles.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      assertEquals(0, process.waitFor(), () -> assertDoesNotThrow(() -> Files.readString(out)));
    } finally {
      process.destroyForcibly();
    }
  }
}
