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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.cli.process.ExitStatus;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.tensors.Tensor;

/** Embeddings of files, and the golden cases as tensors. */
class EmbedCommandTest {
  private static final Path GOLDEN = Outcome.golden("tirex2", "embed");

  /** 6 blocks of 192. */
  private static final int WIDTH = 1152;

  @TempDir private Path temporary;

  private Path file(String text) throws IOException {
    return Files.writeString(temporary.resolve("series.csv"), text);
  }

  @Test
  void rowsAndColumnsAreTheSameSeries() throws IOException {
    String rows = "1,2,3,5,8,13\n4,4,NA,1,0,2\n";
    String columns = "a,b\n1,4\n2,4\n3,\n5,1\n8,0\n13,2\n";
    Outcome ofRows = Outcome.ofInput(rows, "embed", "-", "--rows").assertDone();
    Outcome ofColumns =
        Outcome.ofInput(columns, "embed", "-", "--column", "a", "--column", "2").assertDone();
    List<String> lines = ofRows.out().lines().toList();
    List<String> others = ofColumns.out().lines().toList();
    assertEquals(3, lines.size());
    assertTrue(lines.getFirst().startsWith("series,e0,e1,"), lines.getFirst().substring(0, 30));
    assertEquals(lines.getFirst(), others.getFirst());
    assertEquals(WIDTH + 1, lines.get(1).split(",", -1).length);
    assertEquals(lines.get(1), others.get(1).replaceFirst("^a,", "1,"));
    assertEquals(lines.get(2), others.get(2).replaceFirst("^b,", "2,"));
    String json = Outcome.ofInput(rows, "embed", "-", "--rows", "--json").assertDone().out();
    assertTrue(json.startsWith("{\"series\":\"1\",\"e0\":"), json.substring(0, 40));
  }

  /** As the UCR archive has them: tabs, the label in front, no headings. */
  @Test
  void labelsStandInFront() {
    String rows = "1\t0.5\t0.25\t1\n-1\t3\t2\t1\n";
    String[] embed = {"embed", "-", "--rows", "--label", "1"};
    List<String> lines = Outcome.ofInput(rows, embed).assertDone().out().lines().toList();
    assertTrue(lines.get(0).startsWith("series,label,e0"), lines.get(0).substring(0, 30));
    assertTrue(lines.get(1).startsWith("1,1,"), lines.get(1).substring(0, 30));
    assertTrue(lines.get(2).startsWith("2,-1,"), lines.get(2).substring(0, 30));
    embed[4] = "kind";
    Outcome headed = Outcome.ofInput("a,kind,b\n0.5,x,1\n2,y,3\n", embed).assertDone();
    assertTrue(headed.out().lines().toList().get(2).startsWith("2,y,"), headed.out());
  }

  /** Headings may be numbers: a label's name says so, its number does not. */
  @Test
  void headingsThatAreNumbers() {
    String rows = "kind,10,11,12\nx,5,3,4\n";
    String[] embed = {"embed", "-", "--rows", "--label", "kind"};
    assertEquals(2, Outcome.ofInput(rows, embed).assertDone().out().lines().count());
    embed[4] = "1";
    Outcome numbered = Outcome.ofInput(rows, embed);
    assertEquals(ExitStatus.DONE, numbered.status());
    assertEquals(3, numbered.out().lines().count());
    assertTrue(numbered.err().contains("line 1 is read as values"), numbered.err());
    String[] said = Arrays.copyOf(embed, 6);
    said[5] = "--heading";
    assertEquals(2, Outcome.ofInput(rows, said).assertDone().out().lines().count());
  }

  @Test
  void augmentedEmbeddingsDependOnTheFile() throws IOException {
    Path out = temporary.resolve("out.safetensors");
    String[] embed = {"embed", "-", "--rows", "--augment", "--output", out.toString()};
    assertEquals("", Outcome.ofInput("1,2,4,8,3\n5,6,7,1,2\n", embed).assertDone().out());
    float[] together = embedding(out, 2, 2 * WIDTH + 20);
    Outcome.ofInput("1,2,4,8,3\n", embed).assertDone();
    float[] alone = embedding(out, 1, 2 * WIDTH + 20);
    assertArrayEquals(Arrays.copyOf(alone, 2 * WIDTH), Arrays.copyOf(together, 2 * WIDTH), 2e-5f);
    float[] statistics = Arrays.copyOfRange(together, 2 * WIDTH, 2 * WIDTH + 20);
    assertFalse(Arrays.equals(new float[20], statistics));
    assertArrayEquals(new float[20], Arrays.copyOfRange(alone, 2 * WIDTH, 2 * WIDTH + 20));
  }

  private static float[] embedding(Path file, int rows, int width) throws IOException {
    try (Checkpoint written = Checkpoint.open(file)) {
      Tensor tensor = written.get("embedding");
      assertArrayEquals(new int[] {rows, width}, tensor.dimensions());
      return tensor.toFloats();
    }
  }

  /** The original's head on the golden case's series, one variate of them. */
  @Test
  void headsGiveClassesOrValues() throws IOException {
    StringBuilder rows = new StringBuilder();
    float[] expected;
    try (Checkpoint golden = Checkpoint.open(GOLDEN.resolve("expected.safetensors"))) {
      expected = golden.get("regressor.output_f64").toFloats();
      float[] series = golden.get("a.series").toFloats();
      for (int i = 0; i < series.length; i++) {
        rows.append(series[i]).append((i + 1) % 43 == 0 ? '\n' : ',');
      }
    }
    Path head = GOLDEN.resolve("regressor.pt");
    String[] embed = {"embed", "-", "-m", GOLDEN.toString(), "--rows", "--head", head.toString()};
    List<String> lines =
        Outcome.ofInput(rows.toString(), embed).assertDone().out().lines().toList();
    assertEquals("series,value", lines.getFirst());
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], Float.parseFloat(lines.get(i + 1).split(",", -1)[1]), 5e-6f);
    }
    // it takes 96 features: those of two variates
    embed[6] = GOLDEN.resolve("classifier.pt").toString();
    Outcome.ofInput(rows.toString(), embed).assertFailed("classifier.pt", "emb_dim", "48", "96");
  }

  @ParameterizedTest
  @CsvSource({
    "embedding, _f64, f32, '', '', 5e-6",
    "augmented, _f64, f32, --augment, '', 5e-6",
    "embedding, '', bf16, '', '', 1.5e-2",
    "embedding, _f64, f32, '', classifier, 5e-6"
  })
  void verifyComparesGoldenEmbeddings(
      String name, String suffix, String cell, String augment, String head, double tolerance)
      throws IOException {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("b.series", "series");
    names.put("b." + name + suffix, "embedding");
    if (!head.isEmpty()) {
      names.put(head + ".output" + suffix, "output");
    }
    Path reference = temporary.resolve("reference.safetensors");
    References.rename(GOLDEN.resolve("expected.safetensors"), reference, names);
    List<String> line =
        new ArrayList<>(
            List.of("verify", "-m", GOLDEN.toString(), reference.toString(), "--cell", cell));
    line.addAll(List.of("--tolerance", String.valueOf(tolerance)));
    if (!augment.isEmpty()) {
      line.add(augment);
    }
    if (!head.isEmpty()) {
      line.addAll(List.of("--head", GOLDEN.resolve(head + ".pt").toString()));
    }
    String out = Outcome.of(line.toArray(String[]::new)).assertDone().out();
    assertTrue(out.contains("embedding") && out.contains("equal"), out);
    assertEquals(!head.isEmpty(), out.contains("output"), out);
  }

  @ParameterizedTest
  @CsvSource({
    "'1,2\n3\n', 'line 2', 'expected 2'",
    "'1,2\n3,x\n', 'line 2', 'column 2'",
    "'1,x\n3,4\n', 'line 1', 'numbers and words'",
    "'a,b\n', 'no series', 'headings'",
    "'1,2\nNA,\n', 'line 2', 'no value'",
    "'1,2\n3,1e31\n', 'line 2', '1e31'",
    "'', 'standard input', 'nothing'",
    "'1;2,5\n3;4,5\n', 'standard input', '--separator'"
  })
  void whatIsWrongInAFileIsNamedByLine(String csv, String place, String found) {
    Outcome.ofInput(csv, "embed", "-", "--rows").assertFailed(place, found);
  }

  @ParameterizedTest
  @CsvSource({
    "x.csv, --rows",
    "x.csv --rows --column a, --column",
    "x.csv --column a --label b, --label",
    "x.csv --rows --cell f64, --cell",
    "x.csv --rows --separator xx, --separator",
    "x.csv --rows --output y.csv, .safetensors",
    "x.csv --rows --output y.safetensors --json, --json"
  })
  void wrongUsageIsOneLine(String line, String option) {
    Outcome.of(("embed " + line).split(" ")).assertWrongUsage("--help", option);
  }

  @Test
  void filesThatAreNotThere() throws IOException {
    Path csv = file("1,2,5\n4,5,6\n");
    Outcome.of("embed", "no.csv", "--rows").assertFailed("no.csv");
    Outcome.of("embed", csv.toString(), "--rows", "--head", "no.pt").assertFailed("no.pt");
    Outcome.of("embed", csv.toString(), "--rows", "--head", csv.toString())
        .assertFailed("series.csv");
    String noHead = Outcome.pretrained("tirex-mini").resolve("model.safetensors").toString();
    Outcome.of("embed", csv.toString(), "--rows", "--head", noHead)
        .assertFailed("model.safetensors: head: expected a linear head", "found neither");
    Outcome.of("embed", csv.toString(), "--rows", "--output", "/no/such/x.safetensors")
        .assertFailed("/no/such");
    Outcome.of("embed", csv.toString(), "--rows", "-m", "xlstm-lm")
        .assertFailed("expected an embedding model (TiRex)");
    Outcome.of("embed", csv.toString(), "--rows", "--label", "z").assertFailed("no column 'z'");
    Outcome.of(
            "embed",
            csv.toString(),
            "--rows",
            "--augment",
            "--head",
            GOLDEN.resolve("classifier.pt").toString())
        .assertFailed("classifier.pt", "data_augmentation");
  }
}
