package org.xlstm4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;

/** Recordings played and observations served. */
@Tag("slow")
class ActCommandTest {
  private static final String MODEL = Outcome.pretrained("lram-control").toString();
  private static final String TASK = "Pendulum-v1";

  @TempDir private Path temporary;

  private static List<String> serve(String... lines) {
    String input = String.join("\n", lines);
    String out =
        Outcome.ofInput(input, "act", "-m", MODEL, "--serve", "--warm-up", "0").assertDone().out();
    return out.lines().toList();
  }

  private Config json(String line) throws IOException {
    Path file = temporary.resolve("line.json");
    return Config.read(Files.writeString(file, line));
  }

  /** The reference's episode, observation after observation, brings the reference's actions. */
  @Test
  void servesTheReferencesActions() throws IOException {
    StringBuilder input = new StringBuilder("{\"reset\": {\"task\": \"" + TASK + "\"}}\n");
    int steps = 40;
    float[] actions;
    try (Checkpoint reference =
        Checkpoint.open(Outcome.pretrained("lram-control").resolve("reference.safetensors"))) {
      float[] observations = reference.get(TASK + ".obs").toFloats();
      float[] rewards = reference.get(TASK + ".rewards").toFloats();
      actions = reference.get(TASK + ".actions").toFloats();
      for (int step = 0; step < steps; step++) {
        input.append("{\"observation\": [");
        input.append(observations[3 * step]).append(", ");
        input.append(observations[3 * step + 1]).append(", ");
        input.append(observations[3 * step + 2]).append("]");
        if (step > 0) {
          input.append(", \"reward\": ").append(rewards[step - 1]);
        }
        input.append("}\n");
      }
    }
    List<String> answers = serve(input.toString());
    assertEquals(steps + 1, answers.size());
    Config sizes = json(answers.getFirst());
    assertEquals(3, sizes.integer("observation", 0, 100));
    assertEquals(1, sizes.integer("action", 0, 100));
    double scale = 2;
    for (int step = 0; step < steps; step++) {
      String answer = answers.get(step + 1);
      assertTrue(
          answer.startsWith("{\"action\":[" + (float) (actions[step] * scale) + "],"), answer);
      assertTrue(json(answer).number("nanoseconds") > 0);
    }
  }

  @Test
  void answersWhatItCannotUseAndGoesOn() throws IOException {
    List<String> calm =
        serve(
            "{\"reset\": {\"task\": \"Pendulum-v1\"}}",
            "{\"observation\": [1, 0, 0.5]}",
            "{\"observation\": [0.9, 0.1, 0.5], \"reward\": -0.2}");
    List<String> disturbed =
        serve(
            "{\"observation\": [1, 0, 0.5]}",
            "{\"reset\": {\"task\": \"no such\"}}",
            "{\"reset\": {\"task\": \"Pendulum-v1\"}}",
            "{\"observation\": [1, 0, null]}",
            "{\"observation\": [1, 0, 1e30]}",
            "{\"observation\": [1, 0, NaN]}",
            "{\"observation\": [1, 0]}",
            "{\"picture\": \"AAAA\"}",
            "not JSON",
            "{\"observation\": [1, 0, 0.5]}",
            "{\"observation\": [0.9, 0.1, 0.5], \"reward\": 1e300}",
            "{\"observation\": [0.9, 0.1, 0.5], \"reward\": -0.2}");
    int[] refused = {0, 1, 3, 4, 5, 6, 7, 8, 10};
    for (int line : refused) {
      assertTrue(json(disturbed.get(line)).has("error"), disturbed.get(line));
    }
    assertEquals(12, disturbed.size());
    assertEquals(action(calm.get(1)), action(disturbed.get(9)));
    assertEquals(action(calm.get(2)), action(disturbed.get(11)));
  }

  private static String action(String answer) {
    return answer.substring(0, answer.indexOf("\"nanoseconds\""));
  }

  @Test
  void aRefusedResetLeavesTheEpisodeAsItIs() {
    String reset = "{\"reset\": {\"task\": \"Pendulum-v1\"}}";
    String first = "{\"observation\": [1, 0, 0.1]}";
    String second = "{\"observation\": [0.9, 0.1, 0.2], \"reward\": -1}";
    String refused = "{\"reset\": {\"task\": \"CartPole-v1\", \"target\": 1e300}}";
    List<String> undisturbed = serve(reset, first, second);
    List<String> disturbed = serve(reset, first, refused, second);
    assertTrue(disturbed.get(2).startsWith("{\"error\""), disturbed.get(2));
    assertEquals(action(undisturbed.get(2)), action(disturbed.get(3)));
  }

  /** What is refused, and in whose words: those of docs/models/lram.md, not of a library. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "{\"observation\": [1, 0, NaN]} ~ observation[2] is NaN",
        "{\"observation\": [1, -Infinity, 0]} ~ observation[1] is -Infinity",
        "{\"observation\": [1, 0, 1e300]} ~ observation[2] is 1e300",
        "{\"observation\": [1, 0, \"1\"]} ~ observation[2]: expected a number",
        "{\"observation\": [1, 0, 1], \"reward\": NaN} ~ reward is NaN",
        "{\"observation\": [1, 0, 0.2] ~ no JSON object: stopped at character",
        "{\"observation\": [1, 0, 0.2] x} ~ no JSON object: stopped at character",
        "{\"observation\": [1, 0, +]} ~ no JSON object: stopped at character",
        "{\"observation\": [1], \"observation\": [1, 0, 0.2]} ~ observation is there twice",
        "{\"observation\": [1, 0, 1]} {} ~ one JSON object a line",
        "{\"picture\": \"A\"} ~ picture: expected base64",
        "{\"picture\": \"?!\"} ~ picture: expected base64",
        "{\"reset\": {\"observation\": 4, \"discrete\": true}} ~ reset: action is missing",
        "{\"reset\": {\"action\": 1}} ~ reset: observation is missing",
        "{\"reset\": {\"scale\": 10}} ~ reset: observation is missing",
        "{\"reset\": {\"task\": \"Pendulum-v1\", \"observation\": 5, \"action\": 1}} ~ exclude",
        "{\"reset\": {\"task\": \"Pendulum-v1\", \"action_scale\": 2}} ~ exclude each other",
        "{\"reset\": {\"observation\": 3, \"action\": 0}} ~ reset: action: expected",
        "{\"reset\": {\"observation\": 3, \"action\": 2, \"discrete\": true}} ~ expected 1",
        "{\"reset\": {\"observation\": 3, \"action\": 1.5}} ~ reset: action: expected",
        "{\"reset\": {\"observation\": 99999999999, \"action\": 1}} ~ reset: observation: expected",
        "{\"reset\": {\"observation\": 3, \"action\": 1, \"scale\": 0}} ~ rewards scaled by 0",
        "{\"reset\": {\"observation\": 3, \"action\": 1, \"action_scale\": 1e39}} ~ is 1e39",
        "{\"reset\": {\"target\": NaN}} ~ target is NaN",
        "{\"reset\": {\"target\": 1, \"target\": 2}} ~ target is there twice",
        "{\"reset\": {\"observations\": 3}} ~ no such key as observations",
        "{\"reset\": {\"task\": 1}} ~ task: expected a name",
        "{\"reset\": {}, \"reward\": 1} ~ reward and reset exclude",
        "{\"reward\": 1} ~ exactly one of",
      })
  void refusalsAreInTheUsersWords(String line, String words) throws IOException {
    String reset = "{\"reset\": {\"task\": \"Pendulum-v1\"}}";
    String first = "{\"observation\": [1, 0, 0.1]}";
    List<String> answers = serve(reset, first, line, first);
    String error = json(answers.get(2)).text("error");
    assertTrue(error.contains(words), error);
    assertFalse(error.contains("`") || error.contains("Source"), error);
    assertEquals(action(serve(reset, first, first).get(2)), action(answers.get(3)));
  }

  @Test
  void aNumberOfTooManyDigitsIsRefused() throws IOException {
    refusalsAreInTheUsersWords(
        "{\"observation\": [1, 0, " + "1".repeat(1500) + "]}", "a number or text that is too long");
  }

  @Test
  void aLongMessageDoesNotStopTheLoop() {
    String name = "a" + " ".repeat(60_000) + "b";
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          String answer = serve("{\"reset\":{\"task\":\"" + name + "\"}}").getFirst();
          assertTrue(answer.startsWith("{\"error\"") && answer.length() < 2200, answer);
        });
  }

  /** Numbers need no megabytes, which each connection could make the process hold. */
  @Test
  void aLongLineIsRefused() throws IOException {
    String reset = "{\"reset\": {\"task\": \"Pendulum-v1\"}}";
    List<String> answers =
        serve(reset, "[" + "1,".repeat(1 << 15), "{\"observation\": [1, 0, 0.1]}");
    assertEquals("a line longer than 65536 bytes", json(answers.get(1)).text("error"));
    assertTrue(json(answers.get(2)).has("action"), answers.get(2));
  }

  /** Bounds that are infinite as 32-bit floats, or make actions so. */
  @ParameterizedTest
  @CsvSource({"a_tok_max, 1e308", "a_tok_min, -3.5e38", "a_tok_max, 1e300"})
  void noActionIsInfinite(String key, String value) throws IOException {
    Path copy = Files.createDirectory(temporary.resolve("copy"));
    for (String file : new String[] {"config.json", "model.safetensors"}) {
      Files.copy(Path.of(MODEL, file), copy.resolve(file));
    }
    Path config = copy.resolve("config.json");
    String text = Files.readString(config);
    Files.writeString(config, text.replaceFirst("\\{", "{\"" + key + "\": " + value + ", "));
    Outcome.of("act", "-m", copy.toString(), "--serve", "--warm-up", "0")
        .assertFailed("config.json", key);
    String scaled = "{\"reset\":{\"observation\":3,\"action\":1,\"action_scale\":3e38}}";
    assertTrue(serve(scaled).getFirst().startsWith("{\"observation\":3"), "scaled to a float");
  }

  @Test
  void tellsHowLongTheStepsOfARecordingTake() throws IOException {
    Path episode = temporary.resolve("episode.safetensors");
    References.ofEpisode(Outcome.golden("lram", "vector_m"), "vec", true, episode);
    String model = Outcome.golden("lram", "vector_m").toString();
    String[] command = {
      "act", "-m", model, "--episode", episode.toString(), "--warm-up", "0", "--repeat", "3"
    };
    String text = Outcome.of(command).assertDone().out();
    assertTrue(text.startsWith("steps"), text);
    assertTrue(text.contains("#"), text);
    String[] asJson = Arrays.copyOf(command, command.length + 3);
    asJson[command.length] = "--json";
    asJson[command.length + 1] = "--budget";
    asJson[command.length + 2] = "0.000001";
    Config object = json(Outcome.of(asJson).assertDone().out());
    int steps = object.integer("steps", 1, 1000);
    assertEquals(0, steps % 3);
    assertEquals(steps, object.integer("missed", 0, 1000));
    double[] times = {
      object.number("p50_us"), object.number("p99_us"), object.number("p99.9_us"),
    };
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    assertArrayEquals(sorted, times);
  }

  @Test
  void refusesWrongUses() {
    Outcome.of("act", "-m", MODEL).assertWrongUsage("--episode", "--serve");
    Outcome.of("act", "-m", MODEL, "--serve", "--task", "no such")
        .assertWrongUsage("no such", TASK);
    Outcome.of("act", "-m", MODEL, "--serve", "--mode", "fast").assertWrongUsage("fast", "zero");
    Outcome.of("act", "-m", MODEL, "--episode", "missing.safetensors").assertFailed("missing");
  }
}
