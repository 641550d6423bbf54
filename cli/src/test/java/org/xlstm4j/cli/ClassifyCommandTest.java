package org.xlstm4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.cli.process.ExitStatus;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.tensors.Tensor;

@Tag("slow")
class ClassifyCommandTest {
  private static final Path MODEL = Outcome.pretrained("vil-fashion");
  private static final Path IMAGES = MODEL.resolve("images");
  private static final int PICTURES = 20;

  @TempDir Path temporary;

  private static Outcome classify(Object... arguments) {
    List<String> all = new ArrayList<>(List.of("classify", "-m", MODEL.toString()));
    for (Object argument : arguments) {
      all.add(argument.toString());
    }
    return Outcome.of(all.toArray(String[]::new));
  }

  @Test
  void aFolderGivesTheReferencePredictionsInOrder() throws IOException {
    List<String[]> all =
        Files.readAllLines(MODEL.resolve("images.tsv")).stream()
            .skip(1)
            .map(line -> line.split("\t", -1))
            .toList();
    List<String[]> rows = all.subList(0, PICTURES);
    Map<String, String> names = new HashMap<>();
    all.forEach(row -> names.put(row[1], row[2]));
    for (String[] row : rows) {
      Files.copy(IMAGES.resolve(row[0]), temporary.resolve(row[0]));
    }
    List<String> lines =
        classify(temporary, "--json", "--threads", 2).assertDone().out().lines().toList();
    assertEquals(PICTURES, lines.size());
    for (int i = 0; i < lines.size(); i++) {
      assertTrue(lines.get(i).contains(rows.get(i)[0]));
      String label = "\"label\":\"" + names.get(rows.get(i)[3]) + "\"";
      assertTrue(lines.get(i).contains(label), lines.get(i) + " without " + label);
    }
  }

  @Test
  void moreLabelsStandOnTheSameLine() {
    Outcome outcome = classify(IMAGES.resolve("00000.png"), "--top-k", 3).assertDone();
    List<String> lines = outcome.out().lines().toList();
    assertEquals(2, lines.size());
    assertTrue(lines.get(0).contains("probability 3"));
    assertTrue(lines.get(1).matches(".*00000\\.png  Ankle boot +0\\.9\\d+ .*"), lines.get(1));
  }

  @Test
  void writesFeatures() throws IOException {
    Path file = temporary.resolve("features.safetensors");
    Path first = IMAGES.resolve("00000.png");
    Path second = IMAGES.resolve("00001.png");
    classify(first, second, first, "--features", file, "--threads", 2).assertDone();
    try (Checkpoint written = Checkpoint.open(file)) {
      Tensor features = written.get("features");
      assertArrayEquals(new int[] {3, 384}, features.dimensions());
      float[] values = features.toFloats();
      float[] row = Arrays.copyOfRange(values, 0, 384);
      assertArrayEquals(row, Arrays.copyOfRange(values, 768, 1152));
      assertFalse(Arrays.equals(row, Arrays.copyOfRange(values, 384, 768)));
    }
  }

  @Test
  void badPicturesGetALineEachAndTheOthersAreClassified() throws IOException {
    Path text = Files.writeString(temporary.resolve("text.png"), "no picture");
    byte[] whole = Files.readAllBytes(IMAGES.resolve("00000.png"));
    Path half = Files.write(temporary.resolve("half.png"), Arrays.copyOf(whole, whole.length / 2));
    Path good = IMAGES.resolve("00001.png");
    Outcome outcome = classify(text, good, half, temporary.resolve("missing.png"));
    assertEquals(ExitStatus.FAILED, outcome.status());
    assertEquals(2, outcome.out().lines().count());
    List<String> errors = outcome.err().lines().toList();
    assertEquals(3, errors.size(), outcome.err());
    assertTrue(errors.get(0).contains("text.png"));
    assertTrue(errors.get(1).contains("half.png"));
    assertTrue(errors.get(2).contains("missing.png"));
  }

  @Test
  void aFolderWithoutPicturesIsAnError() {
    classify(temporary).assertFailed(temporary.toString());
  }

  @Test
  void wrongUsage() {
    assertEquals(ExitStatus.USAGE, classify(IMAGES, "--top-k", 0).status());
    assertEquals(ExitStatus.USAGE, classify(IMAGES, "--backend", "cuda").status());
    assertEquals(ExitStatus.USAGE, classify().status());
  }
}
