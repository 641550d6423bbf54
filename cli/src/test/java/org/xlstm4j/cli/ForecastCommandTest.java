package org.xlstm4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.cli.process.ExitStatus;
import org.xlstm4j.loader.Checkpoint;

/** Forecasts of files, and the same model's tensors. */
@Tag("slow")
class ForecastCommandTest {
  private static final Path MODEL = Outcome.pretrained("tirex-mini");
  private static final String CO2 = MODEL.resolve("co2_weekly.csv").toString();

  @TempDir private Path temporary;

  @ParameterizedTest
  @CsvSource({
    "co2_weekly.csv, co2, 52, 2002-01-05, 2002-12-28",
    "sunspots_yearly.csv, sunspots, 22, 2009, 2030",
    "gasoline_weekly.csv, 2, 96, 2021-05-07, 2023-03-03"
  })
  void theShippedSeriesWorkAsTheyAre(
      String file, String column, int horizon, String first, String last) {
    String path = MODEL.resolve(file).toString();
    Outcome outcome =
        Outcome.of("forecast", path, "--column", column, "--horizon", String.valueOf(horizon));
    List<String> lines = outcome.assertDone().out().lines().toList();
    assertEquals("date,0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9", lines.getFirst());
    assertEquals(horizon + 1, lines.size());
    for (int step = 1; step <= horizon; step++) {
      String[] fields = lines.get(step).split(",", -1);
      assertTrue(Float.parseFloat(fields[1]) < Float.parseFloat(fields[9]), lines.get(step));
    }
    assertTrue(lines.get(1).startsWith(first + ","), lines.get(1));
    assertTrue(lines.get(horizon).startsWith(last + ","), lines.get(horizon));
    Outcome counted =
        Outcome.of("forecast", path, "--column", column, "--horizon", "2", "--no-time");
    List<String> steps = counted.assertDone().out().lines().toList();
    assertEquals("step,0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9", steps.getFirst());
    assertTrue(steps.get(1).startsWith("1,") && steps.get(2).startsWith("2,"), counted.out());
  }

  /** The file's last 600 values are the reference's first row. */
  @Test
  void aFileGivesTheForecastOfItsValues() throws IOException {
    float[] expected;
    StringBuilder csv = new StringBuilder("\ufeffwhen,\"the \"\"value\"\", ppm\"\r\n");
    try (Checkpoint reference = Checkpoint.open(MODEL.resolve("reference.safetensors"))) {
      expected = reference.get("h32.quantiles.f32").toFloats();
      float[] context = reference.get("context").toFloats();
      int length = context.length / (int) reference.get("context").shape()[0];
      for (int i = 0; i < length; i++) {
        String value = Float.isNaN(context[i]) ? (i % 2 == 0 ? "" : "NaN") : "" + context[i];
        csv.append("\"line\n").append(i).append("\",").append(value).append("\r\n");
      }
    }
    String name = "the \"value\", ppm";
    Outcome outcome =
        Outcome.ofInput(csv.toString(), "forecast", "-", "--column", name, "--horizon", "32");
    List<String> lines = outcome.assertDone().out().lines().toList();
    double range = 10;
    for (int step = 0; step < 32; step++) {
      String[] fields = lines.get(step + 1).split(",", -1);
      for (int level = 0; level < 9; level++) {
        double error = expected[step * 9 + level] - Float.parseFloat(fields[level + 1]);
        assertEquals(0, error, 5e-5 * range);
      }
    }
  }

  @Test
  void plotsGoToTheTerminalOrIntoAFile() throws Exception {
    Outcome drawn = Outcome.of("forecast", "--column", "2", "--horizon", "9", "--plot", CO2);
    assertEquals(ExitStatus.DONE, drawn.status());
    assertEquals(10, drawn.out().lines().count());
    assertTrue(drawn.err().contains("median"), drawn.err());
    assertTrue(drawn.err().lines().allMatch(line -> line.length() <= 120), drawn.err());

    Outcome json =
        Outcome.of("forecast", CO2, "--column", "2", "--horizon", "9", "--plot", "--json");
    assertEquals(9, json.out().lines().count());
    assertEquals(drawn.err(), json.err());

    Path file = temporary.resolve("plot.svg");
    Outcome.of("forecast", CO2, "--column", "2", "--horizon", "9", "--plot", file.toString())
        .assertDone();
    var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    assertEquals("svg", document.getDocumentElement().getTagName());
    assertEquals(4, document.getElementsByTagName("polygon").getLength());
    assertEquals(2, document.getElementsByTagName("path").getLength());
    try (Stream<Path> files = Files.list(temporary)) {
      assertEquals(1, files.count());
    }
  }

  /** Series that a plot or a scale might stumble over. */
  @ParameterizedTest
  @CsvSource({"0", "-7.5", "1e30", "1e-30"})
  void constantSeriesAreForecastAndDrawn(String value) {
    String csv = (value + "\n").repeat(40);
    Outcome outcome =
        Outcome.ofInput(csv, "forecast", "-", "--column", "1", "--horizon", "3", "--plot");
    assertEquals(ExitStatus.DONE, outcome.status());
    for (String line : outcome.out().lines().skip(1).toList()) {
      for (String field : line.split(",", -1)) {
        assertTrue(Double.isFinite(Double.parseDouble(field)), line);
      }
    }
  }

  /** The original's 32-bit mean of these rounds; that of the last does not. */
  @ParameterizedTest
  @CsvSource({"-1234.567, true", "0.1, true", "5, false"})
  void equalValuesAreForecastAsByTheOriginal(String value, boolean exactly) {
    String csv = "value\n" + (value + "\n").repeat(100);
    float[] quantiles =
        quantiles(Outcome.ofInput(csv, "forecast", "-", "--column", "value", "--horizon", "3"));
    for (float quantile : quantiles) {
      assertEquals(Float.parseFloat(value), quantile, exactly ? 0 : 0.05);
    }
    assertEquals(exactly, quantiles[0] == Float.parseFloat(value));
  }

  @Test
  void aHorizonBeyondWhatTheModelSeesIsMarked() {
    String[] forecast = {"forecast", CO2, "--column", "co2", "--horizon", "1100"};
    Outcome outcome = Outcome.of(forecast);
    assertEquals(ExitStatus.DONE, outcome.status());
    assertTrue(outcome.err().startsWith("xlstm forecast: from step 1025 on"), outcome.err());
    assertEquals(1, outcome.err().lines().count());
    List<String> lines = outcome.out().lines().toList();
    assertTrue(lines.getFirst().endsWith(",0.9,beyond_reach"), lines.getFirst());
    assertTrue(lines.get(1024).endsWith(",false"), lines.get(1024));
    assertTrue(lines.get(1025).endsWith(",true"), lines.get(1025));
    String[] json = Arrays.copyOf(forecast, 7);
    json[6] = "--json";
    assertTrue(Outcome.of(json).out().endsWith("\"beyond_reach\":true}\n"));

    String[] carried = Arrays.copyOf(forecast, 8);
    carried[6] = "--rollout";
    carried[7] = "40";
    assertEquals(1101, Outcome.of(carried).assertDone().out().lines().count());
    forecast[5] = "1024";
    assertEquals(1025, Outcome.of(forecast).assertDone().out().lines().count());
  }

  @Test
  void optionsTellHowTheFileIsWritten() {
    String csv = "2023-01-01;20,057\n2023-01-02;22,044\n";
    String[] forecast = {"forecast", "-", "--column", "2", "--horizon", "1"};
    Outcome.ofInput(csv, forecast).assertFailed("comma and semicolon", "--separator");
    String[] told = Arrays.copyOf(forecast, 10);
    told[6] = "--separator";
    told[7] = "semicolon";
    told[8] = "--decimal-comma";
    told[9] = "--no-heading";
    float[] expected =
        quantiles(Outcome.ofInput(csv.replace(',', '.').replace(';', ','), forecast));
    assertArrayEquals(expected, quantiles(Outcome.ofInput(csv, told)), 1e-4f);
    told[9] = "--heading";
    Outcome.ofInput("v;20,057\n", told).assertFailed("no value");
    told[7] = "x";
    Outcome.ofInput(csv, told).assertWrongUsage("--separator is 'x'");
    Outcome integers =
        Outcome.ofInput("1\n2\n", "forecast", "-", "--column", "1", "--horizon", "1");
    assertEquals(ExitStatus.DONE, integers.status());
    assertTrue(integers.err().contains("line 1 is read as values"), integers.err());
  }

  private static final String TWO =
      """
      my day;north;south
      2024-02-26;5;50
      2024-02-27;6;40
      2024-02-28;7;50
      2024-02-29;6;40
      2024-03-01;5;50
      2024-03-02;6;40
      """;

  @Test
  void severalColumnsAreALongTable() {
    String[] line = {"forecast", "-", "--column", "north,south", "--horizon", "2"};
    String together = Outcome.ofInput(TWO, line).assertDone().out();
    List<String> lines = together.lines().toList();
    assertEquals("target,my day,0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9", lines.getFirst());
    List<String> rows =
        List.of("north,2024-03-03,", "north,2024-03-04,", "south,2024-03-03,", "south,2024-03-04,");
    assertEquals(5, lines.size());
    for (int row = 0; row < 4; row++) {
      assertTrue(lines.get(row + 1).startsWith(rows.get(row)), lines.get(row + 1));
    }
    Outcome alone = Outcome.ofInput(TWO, "forecast", "-", "--column", "south", "--horizon", "2");
    List<String> south = alone.assertDone().out().lines().toList();
    assertEquals("south," + south.get(1), lines.get(3));

    String[] each = Arrays.copyOf(line, 9);
    each[6] = "--each";
    each[7] = "--json";
    each[8] = "--plot";
    Outcome drawn = Outcome.ofInput(TWO, each);
    List<String> objects = drawn.out().lines().toList();
    assertEquals(4, objects.size());
    assertTrue(
        objects.get(2).startsWith("{\"target\":\"south\",\"my day\":\"2024-03-03\",\"0.1\":"),
        objects.get(2));
    assertTrue(drawn.err().startsWith("north\n") && drawn.err().contains("\nsouth\n"), drawn.err());
  }

  @Test
  void quantilesLieBetweenThoseOfTheModel() {
    String[] line = {"forecast", CO2, "--column", "co2", "--horizon", "3", "--quantiles", ""};
    float[] all = quantiles(Outcome.of(Arrays.copyOf(line, 6)));
    line[7] = "0.5,0.15,0.9";
    List<String> lines = Outcome.of(line).assertDone().out().lines().toList();
    assertEquals("date,0.5,0.15,0.9", lines.getFirst());
    for (int step = 0; step < 3; step++) {
      String[] fields = lines.get(step + 1).split(",", -1);
      assertEquals(all[9 * step + 4], Float.parseFloat(fields[1]));
      float middle = (all[9 * step] + all[9 * step + 1]) / 2;
      assertEquals(middle, Float.parseFloat(fields[2]), 1e-4);
      assertEquals(all[9 * step + 8], Float.parseFloat(fields[3]));
    }
    line[7] = "0.01,0.5";
    Outcome beyond = Outcome.of(line);
    assertEquals(ExitStatus.DONE, beyond.status());
    assertEquals(1, beyond.err().lines().count());
    assertTrue(beyond.err().contains("0.1 to 0.9") && beyond.err().contains("0.01"), beyond.err());
    assertEquals(all[0], Float.parseFloat(beyond.out().lines().toList().get(1).split(",", -1)[1]));
    line[7] = "0.01,0.5,0.99";
    assertEquals(
        "xlstm forecast: beyond the model's levels of 0.1 to 0.9 it knows nothing: 0.01 and 0.99"
            + " get the quantiles of the nearest\n",
        Outcome.of(line).err());
  }

  @Test
  void theLastValuesAlone() {
    String tail = "v\n" + "1\n2\n".repeat(20) + "NA\n5\n6\n7\n8\n".repeat(8);
    String[] line = {"forecast", "-", "--column", "v", "--horizon", "2", "--last", "40"};
    float[] expected =
        quantiles(Outcome.ofInput("v\n" + "NA\n5\n6\n7\n8\n".repeat(8), Arrays.copyOf(line, 6)));
    assertArrayEquals(expected, quantiles(Outcome.ofInput(tail, line)));
    line[7] = "1000";
    Outcome all = Outcome.ofInput(tail, line);
    assertEquals("xlstm forecast: --last is 1000, and there are 80 values in all\n", all.err());
    assertEquals(Outcome.ofInput(tail, Arrays.copyOf(line, 6)).assertDone().out(), all.out());
    line[7] = "2";
    Outcome.ofInput("v\n5\nNA\nNA\n", line).assertFailed("no value", "--last");
    Outcome missing = Outcome.ofInput("v\n5\nNA\nNA\n", Arrays.copyOf(line, 6));
    assertTrue(missing.err().contains("last 2 values of v are missing"), missing.err());
  }

  @Test
  void gapsAreFilledAndSaid() {
    String[] line = {"forecast", "-", "--column", "north", "--horizon", "1"};
    Outcome gap = Outcome.ofInput(TWO.replace("2024-02-28;7;50\n", ""), line);
    assertEquals(1, gap.err().lines().count());
    assertTrue(gap.err().startsWith("xlstm forecast: line 4: from '2024-02-27'"), gap.err());
    Outcome missing = Outcome.ofInput(TWO.replace("28;7;50", "28;;50"), line);
    assertEquals(missing.assertDone().out(), gap.out());
  }

  @Test
  void aBacktestComparesWithTheSeasonalNaiveForecast() {
    String[] line = {
      "forecast", CO2, "--column", "co2", "--horizon", "26", "--backtest", "4", "--json"
    };
    Outcome outcome = Outcome.of(line);
    assertEquals(ExitStatus.DONE, outcome.status());
    List<String> lines = outcome.out().lines().toList();
    assertEquals(2, lines.size());
    assertTrue(lines.getFirst().startsWith("{\"forecast\":\"model\",\"mase\":0."), outcome.out());
    assertTrue(
        lines.get(1).startsWith("{\"forecast\":\"seasonal naive\",\"mase\":"), outcome.out());
    assertTrue(mase(lines.getFirst()) < mase(lines.get(1)), outcome.out());
    assertTrue(lines.getFirst().contains("\"values\":104,\"windows\":4,\"season\":52"));
    List<String> said = outcome.err().lines().toList();
    assertEquals(2, said.size());
    assertEquals(
        "xlstm forecast: 4 windows of 26 values, season 52 (by the step of 1 week)",
        said.getFirst());
    assertTrue(said.get(1).startsWith("xlstm forecast: the model's error is 0."), said.get(1));
  }

  @Test
  void aBacktestOfShortSeriesOverlapsOrIsRefused() {
    String[] line = {
      "forecast", "-", "--column", "north,south", "--horizon", "2", "--backtest", "9"
    };
    Outcome.ofInput(TWO, line).assertFailed("6 values", "at least 10", "--season");
    String[] shorter = Arrays.copyOf(line, 10);
    shorter[8] = "--season";
    shorter[9] = "2";
    Outcome outcome = Outcome.ofInput(TWO, shorter);
    assertEquals(ExitStatus.DONE, outcome.status());
    List<String> lines = outcome.out().lines().toList();
    assertEquals(5, lines.size());
    assertTrue(lines.getFirst().startsWith("target  forecast "), lines.getFirst());
    String said = outcome.err().lines().findFirst().orElseThrow();
    assertTrue(said.contains("2 windows of 2 values, season 2"), said);
    assertTrue(said.contains("too short for 9") && said.contains("overlap"), said);
  }

  @Test
  void aModelOfSingleSeriesTakesNoCovariates() {
    Outcome.ofInput(
            TWO, "forecast", "-", "--column", "north", "--covariate", "south", "--horizon", "1")
        .assertWrongUsage("--covariate", "from its own past alone");
  }

  @Test
  void jsonIsAnObjectALine() {
    Outcome outcome = Outcome.of("forecast", CO2, "--column", "2", "--horizon", "2", "--json");
    List<String> lines = outcome.assertDone().out().lines().toList();
    assertEquals(2, lines.size());
    assertTrue(lines.getFirst().startsWith("{\"date\":\"2002-01-05\",\"0.1\":"), lines.getFirst());
  }

  @ParameterizedTest
  @CsvSource({
    "'a,b\n1,2\n3,x\n', 'line 3', in column b",
    "'a,b\n1,2\n3\n', 'line 3', 'expected 2'",
    "'a,b\n1,2\n3,4,5\n', 'line 3', 'expected 2'",
    "'a,b\n1,\"2\n3,4\n', 'line 2', 'closing quote'",
    "'a,b\n1,2\"3\n', 'line 2', 'quote'",
    "'a,b\n1,\"2\"3\n', 'line 2', 'closing quote'",
    "'a,b\n\"x\ny\",1\n1,1e99\n', 'line 4', '1e99'",
    "'a,b\n1,0x10\n', 'line 2', '0x10'",
    "'a,b\n1,Infinity\n', 'line 2', 'Infinity'",
    "'a,c\n1,2\n', 'line 1', 'no column ''b'''",
    "'a,b\n', 'standard input', 'no value'",
    "'a,b\n1,\n2,NA\n', 'standard input', 'no value'",
    "'', 'standard input', 'nothing'"
  })
  void whatIsWrongInAFileIsNamedByLine(String csv, String place, String found) {
    Outcome.ofInput(csv, "forecast", "-", "--column", "b", "--horizon", "3")
        .assertFailed(place, found);
  }

  @ParameterizedTest
  @CsvSource({
    "--column b --horizon 3, FILE",
    "x.csv --horizon 3, --column",
    "x.csv --column b, --horizon",
    "x.csv --column b --horizon 0, --horizon",
    "x.csv --column b --horizon 3 --rollout 0, --rollout",
    "x.csv --column b --horizon 3 --cell f64, --cell",
    "x.csv --column b --horizon 3 --plot y.png, --plot",
    "x.csv --column b --horizon 3 --last 0, --last",
    "x.csv --column b --horizon 3 --quantiles 0.5;0.6, --quantiles",
    "x.csv --column b --horizon 3 --quantiles 1, --quantiles",
    "x.csv --column b --horizon 3 --future y.csv, --covariate",
    "- --column b --horizon 3 --future - --covariate c, --future",
    "x.csv --column b --horizon 3 --time c --no-time, --no-time",
    "x.csv --column b --horizon 3 --season 3, --backtest",
    "x.csv --column b --horizon 3 --backtest 0, --backtest",
    "x.csv --column b --horizon 3 --backtest 2 --season 0, --season",
    "x.csv --column b --horizon 3 --backtest 2 --plot, --plot"
  })
  void wrongUsageIsOneLine(String line, String option) {
    Outcome.of(("forecast " + line).split(" ")).assertWrongUsage("--help", option);
  }

  @Test
  void filesThatAreNotThere() {
    Outcome.of("forecast", "no.csv", "--column", "b", "--horizon", "3").assertFailed("no.csv");
    Outcome.of("forecast", CO2, "--column", "2", "--horizon", "3", "-m", "xlstm-large-mini")
        .assertFailed("forecast model");
    Outcome.of("forecast", CO2, "--column", "2", "--horizon", "3", "--plot", "/no/such/x.svg")
        .assertFailed("/no/such");
  }

  @ParameterizedTest
  @CsvSource({"f32, .f32, 2e-5", "bf16, '', 5e-2"})
  void verifyComparesTensors(String cell, String suffix, double tolerance) throws IOException {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("context", "context");
    names.put("h50.quantiles" + suffix, "quantiles");
    names.put("h50.mean" + suffix, "mean");
    Path reference = reference(names, 50);
    for (Path model : List.of(MODEL, MODEL.resolve("model.ckpt"))) {
      String[] line = {
        "verify",
        "-m",
        model.toString(),
        reference.toString(),
        "--cell",
        cell,
        "--tolerance",
        String.valueOf(tolerance)
      };
      String out = Outcome.of(line).assertDone().out();
      assertTrue(out.contains("quantiles") && out.contains("mean"), out);
    }
  }

  /** Both files of the model; the forecast moves by little against its range of 12. */
  @Test
  void smallerWeightsForecastNearlyTheSame() {
    String[] forecast = {"forecast", CO2, "--column", "co2", "--horizon", "40", "-m", "tirex-mini"};
    float[] expected = quantiles(Outcome.of(forecast));
    for (Path source : List.of(MODEL, MODEL.resolve("model.ckpt"))) {
      Path smaller = temporary.resolve("q8-" + source.getFileName());
      Outcome.of("quantize", source.toString(), smaller.toString(), "--type", "q8").assertDone();
      forecast[7] = smaller.toString();
      float[] actual = quantiles(Outcome.of(forecast));
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], actual[i], 0.25);
      }
    }
  }

  private static double mase(String line) {
    return Double.parseDouble(line.replaceAll(".*\"mase\":([0-9.]+),.*", "$1"));
  }

  private static float[] quantiles(Outcome outcome) {
    List<String> lines = outcome.assertDone().out().lines().skip(1).toList();
    float[] values = new float[9 * lines.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.parseFloat(lines.get(i / 9).split(",", -1)[i % 9 + 1]);
    }
    return values;
  }

  /** The shipped reference with a horizon. */
  private Path reference(Map<String, String> names, long horizon) throws IOException {
    Path file = temporary.resolve("reference.safetensors");
    return References.rename(MODEL.resolve("reference.safetensors"), file, names, horizon);
  }
}
