package org.xlstm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class TrainingRunTest {
  @TempDir private Path folder;

  @Test
  void commandsRunInOneProcessAndTheScratchFolderIsRemoved() throws IOException {
    List<Path> before = scratchFolders();
    Path out = folder.resolve("q8");
    TrainingRun.main(
        new String[] {
          commands(
              "quantize @models/lram-control @scratch/a --type q8",
              "quantize @models/lram-control " + out + " --type q8")
        });
    assertTrue(Files.exists(out.resolve("model.safetensors")));
    assertEquals(before, scratchFolders());
  }

  @Test
  void aFolderOfModelsMayHaveASpaceInItsPath() throws IOException {
    String models = System.getProperty("xlstm4j.pretrained");
    Path link = Files.createSymbolicLink(folder.resolve("two words"), Path.of(models));
    System.setProperty("xlstm4j.pretrained", link.toString());
    try {
      TrainingRun.main(
          new String[] {commands("tokenize -m @models/xlstm-lm/tokenizer.json -p Once")});
    } finally {
      System.setProperty("xlstm4j.pretrained", models);
    }
  }

  @Test
  void aCommandThatFailsEndsTheTraining() throws IOException {
    List<Path> before = scratchFolders();
    String[] arguments = {commands("quantize nowhere @scratch/a --type q8", "models")};
    IllegalStateException failure =
        assertThrows(IllegalStateException.class, () -> TrainingRun.main(arguments));
    assertEquals("quantize nowhere @scratch/a --type q8 ended with status 1", failure.getMessage());
    assertEquals(before, scratchFolders());
  }

  /** The image is built with a training that ends early if a line of it is wrong. */
  @Test
  void everyLineOfTheImagesTrainingBeginsWithACommand() throws IOException {
    for (String line : Files.readAllLines(Path.of("src/image/training"))) {
      assertTrue(Main.commands().contains(line.substring(0, line.indexOf(" "))), line);
    }
  }

  private String commands(String... lines) throws IOException {
    return Files.write(folder.resolve("commands"), List.of(lines)).toString();
  }

  private static List<Path> scratchFolders() throws IOException {
    try (Stream<Path> paths = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return paths
          .filter(path -> path.getFileName().toString().startsWith("xlstm4j-training"))
          .sorted()
          .toList();
    }
  }
}
