package org.xlstm4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads fitted to files, and what they make of others. */
@Tag("slow")
class FitCommandTest {
  @TempDir private Path temporary;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(temporary.resolve(name), text);
  }

  private static double number(String json, String key) {
    Matcher found = Pattern.compile("\"" + key + "\":([-0-9.eE]+)").matcher(json);
    assertTrue(found.find(), json);
    return Double.parseDouble(found.group(1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void kindsOfWavesAreRecognized(boolean augment) throws IOException {
    Path train = file("train.csv", Waves.kinds(120, 1));
    Path test = file("test.csv", Waves.kinds(45, 2));
    Path head = temporary.resolve("head.safetensors");
    String[] fit = {
      "fit",
      train.toString(),
      "--label",
      "1",
      "--output",
      head.toString(),
      "--test",
      test.toString(),
      "--json",
      augment ? "--augment" : "--rows"
    };
    String json = Outcome.of(fit).assertDone().out();
    assertEquals(120, number(json, "series"));
    assertEquals(3, number(json, "outputs"));
    assertEquals(augment ? 2 * 1152 + 32 : 1152, number(json, "features"));
    assertTrue(number(json, "validated_accuracy") > 0.9, json);
    assertTrue(number(json, "test_accuracy") > 0.9, json);

    String[] embed = {
      "embed", test.toString(), "--rows", "--label", "1", "--head", head.toString()
    };
    List<String> lines = Outcome.of(embed).assertDone().out().lines().toList();
    assertEquals("series,label,class,p_saw,p_sine,p_square", lines.getFirst());
    int right = 0;
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = line.split(",", -1);
      right += fields[1].equals(fields[2]) ? 1 : 0;
      double sum =
          Double.parseDouble(fields[3])
              + Double.parseDouble(fields[4])
              + Double.parseDouble(fields[5]);
      assertEquals(1, sum, 1e-5);
    }
    assertEquals(number(json, "test_accuracy"), right / 45.0, 1e-9);

    // one series alone has the class that it has among others
    String one = Waves.kinds(45, 2).lines().toList().get(7) + "\n";
    embed[1] = "-";
    String alone = Outcome.ofInput(one, embed).assertDone().out().lines().toList().get(1);
    assertArrayEquals(
        probabilities(lines.get(8)), probabilities(alone), 1e-4f, lines.get(8) + " " + alone);
  }

  private static float[] probabilities(String line) {
    String[] fields = line.split(",", -1);
    float[] probabilities = new float[3];
    for (int i = 0; i < 3; i++) {
      probabilities[i] = Float.parseFloat(fields[3 + i]);
    }
    return probabilities;
  }

  @Test
  void theSizeOfNoiseIsFound() throws IOException {
    Path train = file("train.csv", Waves.noises(120, 3));
    Path test = file("test.csv", Waves.noises(40, 4));
    Path head = temporary.resolve("head.safetensors");
    Outcome outcome =
        Outcome.of(
            "fit",
            train.toString(),
            "--label",
            "size",
            "--kind",
            "regression",
            "--output",
            head.toString(),
            "--test",
            test.toString(),
            "--json");
    assertTrue(number(outcome.assertDone().out(), "validated_R2") > 0.7, outcome.out());
    assertTrue(number(outcome.out(), "test_R2") > 0.7, outcome.out());
    List<String> lines =
        Outcome.of(
                "embed",
                test.toString(),
                "--rows",
                "--label",
                "size",
                "--heading",
                "--head",
                head.toString())
            .assertDone()
            .out()
            .lines()
            .toList();
    assertEquals("series,label,value", lines.getFirst());
    assertEquals(41, lines.size());
  }

  /** The same file twice, a fixed penalty, and the table that people read. */
  @Test
  void fitsAreTheSameAtEveryRun() throws IOException {
    Path train = file("train.csv", Waves.kinds(12, 5));
    Path first = temporary.resolve("first.safetensors");
    Path second = temporary.resolve("second.safetensors");
    String[] fit = {
      "fit", train.toString(), "--label", "1", "--ridge", "2.5", "--threads", "2", "--output", ""
    };
    fit[9] = first.toString();
    String out = Outcome.of(fit).assertDone().out();
    assertTrue(out.contains("penalty") && out.contains("2.5"), out);
    assertEquals(6, out.lines().count(), out);
    fit[9] = second.toString();
    Outcome.of(fit).assertDone();
    assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
  }

  @ParameterizedTest
  @CsvSource({
    "'a,1,2\na,3,5\n', classification, 'the same label'",
    "'a,1,2\nb,3,5\n', classification, 'no label occurs twice'",
    "'a,1,2\n,3,5\n', classification, 'no label in column 1'",
    "'1,1,2\nx,3,5\n', regression, 'row 2 has the label'",
    "'1,1,2\n1,3,5\n', regression, 'the same label'"
  })
  void labelsThatTellNothing(String csv, String kind, String found) {
    Path head = temporary.resolve("head.safetensors");
    Outcome.ofInput(csv, "fit", "-", "--label", "1", "--kind", kind, "--output", head.toString())
        .assertFailed(found);
    assertTrue(Files.notExists(head));
  }

  @ParameterizedTest
  @CsvSource({
    "x.csv --label 1, --output",
    "x.csv --output h, --label",
    "x.csv --label 1 --output h --kind tree, --kind",
    "x.csv --label 1 --output h --ridge -1, --ridge",
    "x.csv --label 1 --output h --ridge 0, --ridge"
  })
  void wrongUsageIsOneLine(String line, String option) {
    Outcome.of(("fit " + line).split(" ")).assertWrongUsage("--help", option);
  }

  @Test
  void filesThatAreNotThere() throws IOException {
    Path train = file("train.csv", Waves.kinds(6, 1));
    String head = temporary.resolve("head.safetensors").toString();
    Outcome.of("fit", "no.csv", "--label", "1", "--output", head).assertFailed("no.csv");
    Outcome.of("fit", train.toString(), "--label", "1", "--output", "/no/such/head")
        .assertFailed("/no/such");
    Outcome.of("fit", train.toString(), "--label", "1", "--output", head, "--test", "no.csv")
        .assertFailed("no.csv");
    String other = file("other.csv", Waves.kinds(6, 1).replaceAll("(?m)^", "x")).toString();
    Outcome.of("fit", train.toString(), "--label", "1", "--output", head, "--test", other)
        .assertFailed("other.csv: no row has a label of the others, such as 'saw'");
    Outcome.of("fit", train.toString(), "--label", "1", "--output", head, "-m", "xlstm-lm")
        .assertFailed("embedding model");
  }
}
