package org.xlstm4j.models.lram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.models.action.ActionEpisode;
import org.xlstm4j.models.action.ActionMode;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.ActionOutputs;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.testing.Golden;

/** The model against the original's outputs, in every mode. */
@Tag("slow")
class LramGoldenTest {
  private static final double LIMIT = 1e-4;
  private static final double MARGIN = 1e-3;
  private static final Team TEAM = Team.of(1);

  @BeforeAll
  static void useFastKernels() {
    Golden.useFastKernels();
  }

  @ParameterizedTest
  @CsvSource({
    "vector_m, vec",
    "vector_ms, vec",
    "multi_domain, img",
    "multi_domain, vec",
    "vector_long, vec",
    "action_tokens, vec"
  })
  void wholeEpisodeEqualsTheOriginal(String name, String label) throws IOException {
    try (LramModel model = LramCases.open(name);
        Checkpoint expected = LramCases.expected(name)) {
      ActionEpisode episode = LramCases.episode(expected, label);
      ActionTask task = ActionTask.of(episode, model.actionWidth());
      for (int threads = 1; threads <= 2; threads++) {
        WholeEpisode whole = new WholeEpisode(model, episode, task, Team.of(threads));
        compare(expected, label + ".full.", whole.run());
        compareStates(expected, label + ".full.final_state.", whole.state());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "vector_m, vec",
    "vector_ms, vec",
    "multi_domain, img",
    "multi_domain, vec",
    "vector_long, vec"
  })
  void recurrentLoopEqualsTheOriginal(String name, String label) throws IOException {
    try (LramModel model = LramCases.open(name);
        Checkpoint expected = LramCases.expected(name)) {
      ActionEpisode episode = LramCases.episode(expected, label);
      ActionTask task = ActionTask.of(episode, model.actionWidth());
      compare(expected, label + ".loop.", model.replay(episode, task, ActionMode.ZERO, 1, TEAM));
      for (boolean settle : new boolean[] {false, true}) {
        LramSession session = new LramSession(model, task, ActionMode.ZERO, 1, TEAM, true);
        for (int step = 0; step < episode.steps(); step++) {
          session.act(episode, step);
          if (settle) {
            session.settle();
          }
        }
        session.settle();
        compareStates(expected, label + ".loop.final_state.", session.state());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "vector_m, vec",
    "vector_ms, vec",
    "multi_domain, img",
    "multi_domain, vec",
    "vector_long, vec"
  })
  void delayedRewardsEqualTheWholeEpisode(String name, String label) throws IOException {
    try (LramModel model = LramCases.open(name);
        Checkpoint expected = LramCases.expected(name)) {
      ActionEpisode episode = LramCases.episode(expected, label);
      ActionTask task = ActionTask.of(episode, model.actionWidth());
      compare(expected, label + ".full.", model.replay(episode, task, ActionMode.DELAYED, 1, TEAM));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "vector_m, vec",
    "vector_ms, vec",
    "multi_domain, img",
    "multi_domain, vec",
    "vector_long, vec"
  })
  void windowEqualsTheOriginal(String name, String label) throws IOException {
    try (LramModel model = LramCases.open(name);
        Checkpoint expected = LramCases.expected(name)) {
      ActionEpisode episode = LramCases.episode(expected, label);
      ActionTask task = ActionTask.of(episode, model.actionWidth());
      int window = window(name, label);
      ActionOutputs outputs = model.replay(episode, task, ActionMode.WINDOWED, window, TEAM);
      float[] logits = expected.get(label + ".window.action_logits").toFloats();
      LramCases.assertClose("logits", logits, outputs.logits(), LIMIT);
    }
  }

  /** What single steps choose with their own actions as inputs, the whole episode confirms. */
  @Test
  void actionTokensStepByStepEqualTheWholeEpisode() throws IOException {
    try (LramModel model = LramCases.open("action_tokens");
        Checkpoint expected = LramCases.expected("action_tokens")) {
      ActionEpisode given = LramCases.episode(expected, "vec");
      ActionTask task = ActionTask.of(given, model.actionWidth());
      ActionOutputs stepped = model.replay(given, task, ActionMode.DELAYED, 1, TEAM);
      ActionEpisode own =
          new ActionEpisode(
              given.steps(),
              given.vectors(),
              given.pictures(),
              given.returns(),
              given.rewards(),
              stepped.actions());
      ActionOutputs whole = model.evaluate(own, task, TEAM);
      LramCases.assertClose("logits", whole.logits(), stepped.logits(), LIMIT);
      assertTrue(Arrays.equals(whole.actions(), stepped.actions()));
      // the window of the whole episode and its padding: the last step's window is unpadded
      ActionOutputs windowed = model.replay(given, task, ActionMode.WINDOWED, given.steps(), TEAM);
      assertEquals(stepped.logits().length, windowed.logits().length);
    }
  }

  @ParameterizedTest
  @CsvSource({"vector_ms, vec", "multi_domain, vec", "vector_long, vec"})
  void slstmWeightsOfTheTrainingLayoutAreTheSame(String name, String label) throws IOException {
    try (ActionModel model = TrainingLayout.open(LramCases.folder(name));
        Checkpoint expected = LramCases.expected(name)) {
      ActionEpisode episode = LramCases.episode(expected, label);
      ActionTask task = ActionTask.of(episode, model.actionWidth());
      compare(expected, label + ".full.", model.evaluate(episode, task, TEAM));
    }
  }

  private static int window(String name, String label) throws IOException {
    Config manifest = Config.read(Golden.root().resolve("lram").resolve("manifest.json"));
    for (Config entry : manifest.children("cases")) {
      if (entry.text("name").equals(name)) {
        return entry.child("measured").integer(label + ".window", 1, 1000);
      }
    }
    throw new AssertionError("the manifest has no case " + name);
  }

  private static void compare(Checkpoint expected, String prefix, ActionOutputs outputs)
      throws IOException {
    float[] logits = expected.get(prefix + "action_logits").toFloats();
    LramCases.assertClose("logits", logits, outputs.logits(), LIMIT);
    float[] actions = actions(expected, prefix + "actions");
    int theirs = actions.length / outputs.steps();
    int compared = 0;
    for (int step = 0; step < outputs.steps(); step++) {
      for (int dimension = 0; dimension < theirs; dimension++) {
        int row = step * outputs.dimensions() + dimension;
        if (margin(logits, row * outputs.choices(), outputs.choices()) > MARGIN) {
          assertEquals(
              actions[step * theirs + dimension],
              outputs.actions()[step * outputs.actionWidth() + dimension],
              "step " + step + " dimension " + dimension);
          compared++;
        }
      }
    }
    assertTrue(compared > 0);
  }

  private static float[] actions(Checkpoint expected, String name) throws IOException {
    return switch (expected.get(name).type()) {
      case F32 -> expected.get(name).toFloats();
      default -> {
        long[] indices = expected.get(name).toLongs();
        float[] actions = new float[indices.length];
        for (int i = 0; i < actions.length; i++) {
          actions[i] = indices[i];
        }
        yield actions;
      }
    };
  }

  private static double margin(float[] logits, int first, int count) {
    float[] sorted = Arrays.copyOfRange(logits, first, first + count);
    Arrays.sort(sorted);
    return sorted[count - 1] - (double) sorted[count - 2];
  }

  /** States under the original's names; those of the sLSTM are one slot here. */
  private static void compareStates(Checkpoint expected, String prefix, State state)
      throws IOException {
    int compared = 0;
    for (StateLayout.Slot slot : state.layout().slots()) {
      String name = prefix + slot.name().replace("mlstm_", "");
      float[] values = state.read(slot);
      if (name.endsWith("slstm")) {
        String[] parts = {"y", "c", "n", "m"};
        int width = values.length / parts.length;
        for (int i = 0; i < parts.length; i++) {
          float[] part = Arrays.copyOfRange(values, i * width, (i + 1) * width);
          String full = name.replace("slstm", parts[i]);
          LramCases.assertClose(full, expected.get(full).toFloats(), part, LIMIT);
          compared++;
        }
      } else {
        LramCases.assertClose(name, expected.get(name).toFloats(), values, LIMIT);
        compared++;
      }
    }
    assertTrue(compared > 0);
  }
}
