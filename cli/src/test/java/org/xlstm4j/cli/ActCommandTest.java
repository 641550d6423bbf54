package org.xlstm4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.Config;

/** Recordings played and observations served. */
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
