package org.xlstm4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.Tensor;

class ClassifyCommandTest {
  private static final Path MODEL =
      Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.pretrained")), "vil-fashion");
  private static final Path IMAGES = MODEL.resolve("images");

  @TempDir Path temporary;
  private final StringWriter out = new StringWriter();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int classify(Object... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "classify";
    all[1] = "-m";
    all[2] = MODEL.toString();
    for (int i = 0; i < arguments.length; i++) {
      all[i + 3] = arguments[i].toString();
    }
    ByteArrayInputStream nothing = new ByteArrayInputStream(new byte[0]);
    return Main.run(new Terminal(nothing, out, new PrintStream(err, true, UTF_8), false), all);
  }

  private List<String> errors() {
    return err.toString(UTF_8).lines().toList();
  }

  @Test
  void aFolderGivesTheReferencePredictionsInOrder() throws IOException {
    assertEquals(0, classify(IMAGES, "--json", "--threads", 2));
    List<String> lines = out.toString().lines().toList();
    List<String[]> rows =
        Files.readAllLines(MODEL.resolve("images.tsv")).stream()
            .skip(1)
            .map(line -> line.split("\t", -1))
            .toList();
    Map<String, String> names = new HashMap<>();
    rows.forEach(row -> names.put(row[1], row[2]));
    assertEquals(200, lines.size());
    for (int i = 0; i < lines.size(); i++) {
      assertTrue(lines.get(i).contains(rows.get(i)[0]));
      String label = "\"label\":\"" + names.get(rows.get(i)[3]) + "\"";
      assertTrue(lines.get(i).contains(label), lines.get(i) + " without " + label);
    }
  }

  @Test
  void moreLabelsStandOnTheSameLine() {
    assertEquals(0, classify(IMAGES.resolve("00000.png"), "--top-k", 3));
    List<String> lines = out.toString().lines().toList();
    assertEquals(2, lines.size());
    assertTrue(lines.get(0).contains("probability 3"));
    assertTrue(lines.get(1).matches(".*00000\\.png  Ankle boot +0\\.9\\d+ .*"), lines.get(1));
  }

  @Test
  void writesFeatures() throws IOException {
    Path file = temporary.resolve("features.safetensors");
    Path first = IMAGES.resolve("00000.png");
    Path second = IMAGES.resolve("00001.png");
    assertEquals(0, classify(first, second, first, "--features", file, "--threads", 2));
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
    assertEquals(1, classify(text, good, half, temporary.resolve("missing.png")));
    assertEquals(2, out.toString().lines().count());
    assertEquals(3, errors().size(), err.toString(UTF_8));
    assertTrue(errors().get(0).contains("text.png"));
    assertTrue(errors().get(1).contains("half.png"));
    assertTrue(errors().get(2).contains("missing.png"));
  }

  @Test
  void aFolderWithoutPicturesIsAnError() {
    assertEquals(1, classify(temporary));
    assertEquals(1, errors().size());
  }

  @Test
  void wrongUsage() {
    assertEquals(2, classify(IMAGES, "--top-k", 0));
    assertEquals(2, classify());
  }
}
