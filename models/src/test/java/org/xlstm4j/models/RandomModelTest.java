package org.xlstm4j.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.limits.MachineLimits;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.ActionSession;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.forecast.ForecastOptions;
import org.xlstm4j.models.forecast.SeriesGroup;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;
import org.xlstm4j.models.vision.VisionModel;
import org.xlstm4j.models.vision.VisionSession;

/** Models of random weights have the shapes of real ones and compute finite numbers. */
@Tag("slow")
class RandomModelTest {
  private static final Path GOLDEN = Path.of(System.getProperty("xlstm4j.golden"));
  private static final Path PRETRAINED = Path.of(System.getProperty("xlstm4j.pretrained"));

  @ParameterizedTest
  @ValueSource(strings = {"large_single", "lm_mixed_1to1", "hf_single", "lm_tied"})
  void languageModelsHaveAsManyWeightsAsThoseOfTheirConfiguration(String name) throws IOException {
    Path folder = GOLDEN.resolve("xlstm").resolve(name);
    Config config = Config.ofFolder(folder);
    try (LanguageModel real = LanguageModel.open(folder);
        LanguageModel random =
            Models.of(config, Checkpoint.random(config, WeightType.F32), LanguageModel.class)) {
      assertEquals(real.checkpoint().parameters(), random.checkpoint().parameters());
      assertEquals(real.stepCost().stateBytes(), random.stepCost().stateBytes());
      LanguageSession session = random.newSession(Team.of(1));
      session.feed(1, 2, 3, 4, 5, 6, 7, 8, 9);
      for (int i = 0; i < 50; i++) {
        assertFinite(session.step(i % 5));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16", "Q8", "Q4"})
  void bytesOfAStepFollowFromTheType(WeightType type) throws IOException {
    Config config = Config.ofFolder(PRETRAINED.resolve("xlstm-large-mini"));
    try (LanguageModel model =
        Models.of(config, Checkpoint.random(config, type), LanguageModel.class)) {
      StepCost cost = model.stepCost();
      double bits = 8.0 * cost.weightBytes() / cost.multiplyAdds();
      double expectedBits =
          switch (type) {
            case F32 -> 32;
            case BF16, F16 -> 16;
            case Q8 -> 8.5;
            case Q4 -> 4.5;
          };
      // the few rows of the gates stay floats
      assertEquals(expectedBits, bits, 0.2);
      double integers = (double) cost.integerMultiplyAdds() / cost.multiplyAdds();
      assertEquals(type == WeightType.Q8 || type == WeightType.Q4 ? 1 : 0, integers, 0.01);
      StepCost prompt = model.promptCost(512);
      double ofPrompt = (double) prompt.integerMultiplyAdds() / prompt.multiplyAdds();
      assertEquals(integers, ofPrompt, 0.1);
      MachineLimits limits = new MachineLimits(1, 1 << 20, 1e9, 5e8, 1e12, 1e12);
      double expected = cost.weightBytes() / 1e9 + cost.stateBytes() / 5e8;
      assertEquals(expected, cost.seconds(limits), 1e-9);
    }
  }

  /** Weights in the checkpoint's matrices, other than those with one of these words in the name. */
  private static long matrices(Checkpoint checkpoint, String... others) {
    long weights = 0;
    for (Tensor tensor : checkpoint) {
      if (tensor.shape().length > 1 && Stream.of(others).noneMatch(tensor.name()::contains)) {
        weights += tensor.elements();
      }
    }
    return weights;
  }

  @ParameterizedTest
  @ValueSource(strings = {"large_single", "large_fused_bias_bf16", "hf_fused", "lm_mixed_1to1"})
  void aTokenIsMultipliedWithAllMatricesButTheEmbedding(String name) throws IOException {
    try (LanguageModel model = LanguageModel.open(GOLDEN.resolve("xlstm").resolve(name))) {
      long weights = matrices(model.checkpoint(), "embedding");
      assertEquals(weights, model.stepCost().multiplyAdds());
      assertEquals(weights, model.promptCost(1).multiplyAdds());
      long head = matrices(model.checkpoint()) - matrices(model.checkpoint(), "lm_head");
      assertEquals(7 * (weights - head) + head, model.promptCost(7).multiplyAdds());
    }
  }

  @Test
  void aTiedEmbeddingIsTheHeadToo() throws IOException {
    try (LanguageModel model = LanguageModel.open(GOLDEN.resolve("xlstm").resolve("lm_tied"))) {
      assertEquals(matrices(model.checkpoint(), "lm_head"), model.stepCost().multiplyAdds());
    }
  }

  @Test
  void aPatchAPictureAndAnObservationAreMultipliedWithMatricesAlone() throws IOException {
    try (ForecastModel model = ForecastModel.open(PRETRAINED.resolve("tirex-mini"))) {
      long weights = matrices(model.checkpoint());
      assertEquals(weights, model.stepCost().multiplyAdds());
      long patches = model.contextLength() / model.patchLength();
      long last = weights - matrices(model.checkpoint(), "output_patch_embedding");
      assertEquals(patches * (weights - last) + last, model.forecastCost().multiplyAdds());
    }
    try (VisionModel model = VisionModel.open(PRETRAINED.resolve("vil-fashion"))) {
      long blocks = matrices(model.checkpoint(), "pos_embed", "head.weight");
      long head = matrices(model.checkpoint(), "pos_embed") - blocks;
      int patch = model.configuration().integer("patch_height", 1, 1000);
      int tokens = model.pictureSize().area() / patch / patch;
      assertTrue(head > 0);
      assertEquals(blocks * tokens + head, model.stepCost().multiplyAdds());
    }
    try (ActionModel model = ActionModel.open(PRETRAINED.resolve("lram-control"))) {
      long blocks = matrices(model.checkpoint(), "embed_", "action_net", "predict_");
      long ends =
          model.checkpoint().get("embed_state.weight").elements()
              + model.checkpoint().get("action_net.0.weight").elements();
      int tokens = 3; // state, return-to-go, reward
      assertEquals(blocks * tokens + ends, model.stepCost().multiplyAdds());
    }
  }

  /** A series alone is multiplied with neither the attention nor the combination of directions. */
  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16", "Q8", "Q4"})
  void forecastsOfGroups(WeightType type) throws IOException {
    Path folder = GOLDEN.resolve("tirex2/long");
    Config config = Config.ofFolder(folder);
    try (ForecastModel real = ForecastModel.open(folder);
        ForecastModel random =
            Models.of(config, Checkpoint.random(config, type), ForecastModel.class)) {
      float[] row = new float[100];
      SeriesGroup group = new SeriesGroup(List.of(row), List.of(row), List.of(new float[116]));
      ForecastOptions options = ForecastOptions.of(16);
      for (List<Forecast> forecasts :
          random.forecastGroups(List.of(group, SeriesGroup.of(row)), options, Team.of(1))) {
        assertFinite(forecasts.getFirst().quantiles());
      }
      long parameters = real.checkpoint().parameters();
      assertEquals(parameters, random.checkpoint().parameters());
      long alone = matrices(real.checkpoint(), "variate_mixer", "combination", "_bias_");
      assertEquals(alone, random.stepCost().multiplyAdds());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16", "Q8", "Q4"})
  void picturesAndObservations(WeightType type) throws IOException {
    Config vision = Config.ofFolder(PRETRAINED.resolve("vil-fashion"));
    try (VisionModel model =
        Models.of(vision, Checkpoint.random(vision, type), VisionModel.class)) {
      VisionSession session = model.newSession(Team.of(1));
      assertFinite(session.run(new float[model.channels() * session.image().area()]));
    }
    Config action = Config.ofFolder(PRETRAINED.resolve("lram-control"));
    try (ActionModel model =
        Models.of(action, Checkpoint.random(action, type), ActionModel.class)) {
      ActionTask task = model.task("Pendulum-v1");
      ActionSession session = model.newSession(task, Team.of(1));
      float[] chosen = new float[task.actionWidth()];
      session.act(new float[task.observationWidth()], 0, chosen);
      assertFinite(chosen);
    }
  }

  private static void assertFinite(float[] values) {
    for (float value : values) {
      assertTrue(Float.isFinite(value), "not finite");
    }
  }
}
