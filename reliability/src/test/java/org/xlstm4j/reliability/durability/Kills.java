package org.xlstm4j.reliability.durability;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.xlstm4j.reliability.folders.TemporaryFolder;

/**
 * Kills a writer with SIGKILL at random moments, half of them while an unfinished file lies there,
 * and checks what it leaves. Processes of the writer follow one another in the same folder.
 */
public final class Kills {
  /** The exit status of what SIGKILL has ended. */
  private static final int KILLED = 137;

  private static final int LONGEST_PAUSE_MICROSECONDS = 40_000;

  private final KilledWriter writer;
  private final Path reference;
  private final Path folder;
  private final Path rounds;
  private final Path errors;
  private final Random random;
  private int finished = -1;
  private int unfinished;

  private Kills(KilledWriter writer, Path temporary, Random random) throws IOException {
    this.writer = writer;
    this.random = random;
    reference = Files.createDirectory(temporary.resolve("reference"));
    folder = Files.createDirectory(temporary.resolve("killed"));
    rounds = temporary.resolve("rounds");
    errors = temporary.resolve("errors");
  }

  /**
   * Kills a writer.
   *
   * @param writer what to kill
   * @param count how often
   * @param temporary an empty folder
   * @return how often an unfinished file lay there
   * @throws IllegalStateException if what a kill left is neither the old result nor the new one
   */
  static int kill(KilledWriter writer, int count, Path temporary, long seed)
      throws IOException, InterruptedException {
    Kills kills = new Kills(writer, temporary, new Random(seed));
    try (SmallHub hub = new SmallHub()) {
      if (writer != KilledWriter.PULL) {
        for (int round = 0; round < KilledWriter.RESULTS; round++) {
          Path results = kills.reference.resolve("result" + round);
          Path place =
              Files.createDirectories(writer == KilledWriter.QUANTIZE ? kills.reference : results);
          writer.write(place, round);
        }
      }
      for (int i = 0; i < count; i++) {
        kills.killOnce(hub, i % 2 == 0);
      }
    }
    return kills.unfinished;
  }

  private void killOnce(SmallHub hub, boolean writing) throws IOException, InterruptedException {
    if (writer == KilledWriter.QUANTIZE) {
      TemporaryFolder.remove(folder);
      Files.createDirectory(folder);
      finished = -1;
    }
    Files.deleteIfExists(rounds);
    Process process = start(hub);
    try {
      awaitWork(process);
      long pause = 1000L * random.nextInt(LONGEST_PAUSE_MICROSECONDS);
      if (writing) {
        while (!unfinishedFile() && process.isAlive()) {
          Thread.onSpinWait();
        }
        pause /= 100;
      }
      long end = System.nanoTime() + pause;
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
    if (process.exitValue() != KILLED) {
      throw new IllegalStateException(writer + " ended by itself: " + Files.readString(errors));
    }
    List<String> lines = Files.readAllLines(rounds, UTF_8);
    if (!lines.isEmpty()) {
      finished = Integer.parseInt(lines.getLast());
    }
    unfinished += unfinishedFile() ? 1 : 0;
    writer.requireSound(folder, reference, finished);
    removeUnfinished();
  }

  /** Waits for the first round, or its unfinished file in every third process. */
  private void awaitWork(Process process) throws IOException, InterruptedException {
    boolean early = random.nextInt(3) == 0;
    while (process.isAlive() && Files.size(rounds) == 0 && !(early && unfinishedFile())) {
      Thread.sleep(1);
    }
  }

  private Process start(SmallHub hub) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:-UsePerfData",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-Dxlstm4j.golden=" + System.getProperty("xlstm4j.golden"),
            "-Dxlstm4j.pretrained=" + System.getProperty("xlstm4j.pretrained")));
    String archive = System.getProperty("archive");
    if (archive != null) {
      command.addAll(
          List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off", "-Xlog:cds*=off"));
    }
    command.addAll(
        List.of(
            EndlessWriter.class.getName(),
            writer.name(),
            folder.toString(),
            String.valueOf(finished + 1),
            String.valueOf(Integer.MAX_VALUE - 1)));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().put("HF_ENDPOINT", hub.address());
    builder.environment().put("HF_HOME", folder.toString());
    builder.redirectOutput(rounds.toFile());
    builder.redirectError(errors.toFile());
    return builder.start();
  }

  private boolean unfinishedFile() throws IOException {
    Path blobs = folder.resolve("hub").resolve("models--org--model").resolve("blobs");
    if (writer == KilledWriter.PULL) {
      return Files.isDirectory(blobs) && holds(blobs, ".*\\.incomplete");
    }
    return holds(folder, "\\..*");
  }

  private static boolean holds(Path folder, String name) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> file.getFileName().toString().matches(name));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void removeUnfinished() throws IOException {
    List<Path> left;
    try (Stream<Path> files = Files.list(folder)) {
      left = files.filter(file -> file.getFileName().toString().startsWith(".")).toList();
    }
    for (Path file : left) {
      if (!file.endsWith(".locks")) {
        TemporaryFolder.remove(file);
      }
    }
  }

  /**
   * Kills writers, a line each.
   *
   * @param arguments how often each is killed, then the writers; all if there is none
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int count = Integer.parseInt(arguments[0]);
    List<KilledWriter> writers = new ArrayList<>();
    for (int i = 1; i < arguments.length; i++) {
      writers.add(KilledWriter.valueOf(arguments[i].toUpperCase(Locale.ROOT)));
    }
    for (KilledWriter writer : writers.isEmpty() ? List.of(KilledWriter.values()) : writers) {
      Path temporary = Files.createTempDirectory("xlstm4j-kills");
      try {
        int unfinished = kill(writer, count, temporary, System.nanoTime());
        System.out.printf("%s,%d,%d%n", writer.name().toLowerCase(Locale.ROOT), count, unfinished);
      } finally {
        TemporaryFolder.remove(temporary);
      }
    }
    System.exit(0);
  }
}
