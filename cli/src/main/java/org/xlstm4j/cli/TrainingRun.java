package org.xlstm4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.regex.Matcher.quoteReplacement;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.xlstm4j.cli.process.ExitStatus;
import org.xlstm4j.cli.terminal.Terminal;

/**
 * What the JVM is to learn from before the image is shipped: runs several commands in one process,
 * for the classes they load and the profiles of their methods, which the AOT cache keeps. Their
 * output is dropped.
 */
final class TrainingRun {
  private TrainingRun() {}

  /**
   * Runs the commands of a file, one a line, its words apart by spaces. At the begin of a word,
   * {@code @scratch} stands for a folder that is removed at the end, and {@code @models} for the
   * one with the shipped models.
   *
   * @param arguments the file
   */
  public static void main(String[] arguments) throws IOException {
    Terminal terminal =
        new Terminal(
            InputStream.nullInputStream(),
            Writer.nullWriter(),
            new PrintStream(OutputStream.nullOutputStream(), false, UTF_8),
            false);
    Path scratch = Files.createTempDirectory("xlstm4j-training");
    String models = System.getProperty("xlstm4j.pretrained", "");
    try {
      for (String line : Files.readAllLines(Path.of(arguments[0]))) {
        String[] words = line.split(" ", -1);
        for (int i = 0; i < words.length; i++) {
          words[i] = words[i].replaceFirst("^@scratch", quoteReplacement(scratch.toString()));
          words[i] = words[i].replaceFirst("^@models", quoteReplacement(models));
        }
        int status = Main.run(terminal, words);
        if (status != ExitStatus.DONE) {
          throw new IllegalStateException(line + " ended with status " + status);
        }
      }
    } finally {
      remove(scratch);
    }
  }

  private static void remove(Path folder) throws IOException {
    List<Path> found;
    try (Stream<Path> paths = Files.walk(folder)) {
      found = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : found) {
      Files.delete(path);
    }
  }
}
