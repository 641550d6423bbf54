package org.xlstm4j.models.lram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.ActionSession;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.testing.Golden;

/** What a vector observation goes through before it is embedded. */
class ObservationTest {
  private static final Team TEAM = Team.of(1);
  private static final Path FOLDER = LramCases.folder("vector_m");
  private static final int WIDTH = 5;

  /**
   * The same weights in another place of another file are summed up in another order; a tenth of
   * what the reference's logits may differ by.
   */
  private static final double ROUNDING = 1e-5;

  @BeforeAll
  static void useFastKernels() {
    Golden.useFastKernels();
  }

  @Test
  void statisticsOfTheTrainingRunNormalize() throws IOException {
    float[] raw = {10, -3, 7, 0.5f, 2};
    try (ActionModel plain = ActionModel.open(FOLDER)) {
      int padded = plain.observationWidth();
      float[] mean = new float[padded];
      float[] deviation = new float[padded];
      Arrays.fill(deviation, 1);
      float[] normalized = new float[WIDTH];
      for (int i = 0; i < WIDTH; i++) {
        mean[i] = i - 2.5f;
        deviation[i] = 0.5f + i;
        normalized[i] = (raw[i] - mean[i]) / deviation[i];
      }
      try (ActionModel statistical = TrainingLayout.open(FOLDER, mean, deviation)) {
        LramCases.assertClose(
            "logits",
            logits(plain, List.of(), normalized),
            logits(statistical, List.of(), raw),
            ROUNDING);
        ActionSession session = statistical.newSession(task(statistical, List.of()), TEAM);
        assertTrue(session.act(raw, 0, new float[session.task().actionWidth()]));
      }
      deviation[1] = 1e-30f;
      try (ActionModel extreme = TrainingLayout.open(FOLDER, mean, deviation)) {
        IllegalArgumentException refused =
            assertThrows(IllegalArgumentException.class, () -> logits(extreme, List.of(), raw));
        assertTrue(String.valueOf(refused.getMessage()).startsWith("observation[1] is "));
      }
      deviation[1] = 0;
      ModelFormatException refused =
          assertThrows(
              ModelFormatException.class, () -> TrainingLayout.open(FOLDER, mean, deviation));
      assertTrue(refused.getMessage().contains("state_std: expected numbers other than 0"));
    }
  }

  @Test
  void partsGoToTheirSlots() throws IOException {
    try (ActionModel model = ActionModel.open(FOLDER)) {
      float[] inOrder = {1, 0, 3, 0, 5};
      float[] parts = {5, 1, 3};
      LramCases.assertClose(
          "logits", logits(model, List.of(), inOrder), logits(model, List.of(4, 0, 2), parts), 0);
      int beyond = model.observationWidth();
      assertThrows(
          IllegalArgumentException.class, () -> logits(model, List.of(4, 0, beyond), parts));
      assertThrows(IllegalArgumentException.class, () -> task(model, List.of(1, 1)));
    }
  }

  @Test
  void aTargetBeyondUseIsRefused() throws IOException {
    try (ActionModel model = ActionModel.open(FOLDER)) {
      ActionSession session = model.newSession(task(model, List.of()), TEAM);
      assertThrows(IllegalArgumentException.class, () -> session.reset(1e30));
      assertEquals(0, session.steps());
    }
  }

  private static float[] logits(ActionModel model, List<Integer> slots, float[] observation) {
    ActionSession session = model.newSession(task(model, slots), TEAM);
    session.act(observation, 0, new float[session.task().actionWidth()]);
    return session.logits().clone();
  }

  private static ActionTask task(ActionModel model, List<Integer> slots) {
    int width = slots.isEmpty() ? WIDTH : slots.size();
    int actions = model.actionWidth();
    return new ActionTask(width, actions, false, 1, 0, 1, false, slots);
  }
}
