package org.xlstm4j.models.vil;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.models.blocks.BlockActivations;
import org.xlstm4j.models.blocks.Residual;
import org.xlstm4j.models.blocks.ResidualStack;
import org.xlstm4j.models.image.Image;
import org.xlstm4j.models.image.Size;
import org.xlstm4j.models.testing.Golden;
import org.xlstm4j.models.testing.VilGolden;
import org.xlstm4j.models.vision.VisionModel;
import org.xlstm4j.models.vision.VisionSession;

/**
 * Every stage against the original. Limits: 2e-4 absolute (5e-4 for the raw cell output) or 2e-5 of
 * the largest value, whichever is larger.
 */
class VilGoldenTest {
  @BeforeAll
  static void useFastKernels() {
    Golden.useFastKernels();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v1_avg_32",
        "v1_mono_28_interp",
        "v1_stride_features",
        "v2_flatten_32",
        "v2_avg_nonsquare_nobias",
        "v2_to_image",
        "v2_causal1d"
      })
  void everyStageOfEveryInput(String name) throws IOException {
    try (VilModel model = open(VilGolden.folder(name));
        Checkpoint golden = VilGolden.expected(name)) {
      for (String input : golden.names()) {
        if (input.startsWith("input.")) {
          checkInput(model, golden, input.substring("input.".length()));
        }
      }
    }
  }

  private static VilModel open(Path folder) throws IOException {
    return (VilModel) VisionModel.open(folder);
  }

  /** From the tensors alone. */
  private static VilModel detect(Path file) throws IOException {
    Checkpoint checkpoint = Checkpoint.open(file, Config.empty(file));
    assertTrue(new VilFamily().recognizes(checkpoint));
    return VilModel.of(Config.empty(file), checkpoint);
  }

  private static void checkInput(VilModel model, Checkpoint golden, String label)
      throws IOException {
    Tensor input = golden.get("input." + label);
    int[] shape = input.dimensions();
    Size size = new Size(shape[2], shape[3]);
    for (int threads : new int[] {1, 3}) {
      VilSession session = model.newSession(Team.of(threads), size);
      for (int item = 0; item < shape[0]; item++) {
        Case expected = new Case(golden, label, item, shape[0]);
        float[] pixels = expected.item(input);
        stages(model, session, expected, pixels);
        float[] output = session.run(pixels);
        expected.check("output", output);
      }
    }
  }

  private static void stages(VilModel model, VilSession session, Case expected, float[] pixels)
      throws IOException {
    Columns x = session.x();
    int width = model.config().width();
    session.embed(pixels);
    expected.check("patch_embed", x.data());
    session.addPositions();
    expected.check("pos_embed", x.data());
    for (int block = 0; block < model.config().blocks(); block++) {
      Residual residual = model.blocks().residuals().get(block);
      new ResidualStack(width, List.of(residual)).forward(session.pass(), x);
      expected.check("block." + block, x.data());
      if (expected.has("detail." + block + ".k")) {
        BlockActivations activations =
            new BlockActivations(session.pass().workspace(), residual, width);
        details(model.config(), activations, expected, block);
      }
    }
    session.finish();
    if (expected.has("norm") && model.config().version() == 1) {
      expected.check("norm", session.features());
    }
  }

  private static void details(
      VilConfig config, BlockActivations activations, Case expected, int block) throws IOException {
    String detail = "detail." + block + ".";
    int tokens = activations.get("norm").data().length / config.width();
    for (String name :
        new String[] {"norm", "proj_up", "k", "v", "igate", "fgate", "gated", "layer_out"}) {
      boolean natural = name.equals("norm") || name.equals("layer_out");
      int width =
          switch (name) {
            case "norm", "layer_out" -> config.width();
            case "proj_up" -> 2 * config.innerWidth();
            case "igate", "fgate" -> config.heads();
            default -> config.innerWidth();
          };
      Columns buffer = activations.get(name);
      Columns view = natural && block % 2 == 1 ? buffer.reversed(tokens) : buffer;
      expected.check(detail + name, dense(view, tokens, width));
    }
  }

  private static float[] dense(Columns view, int tokens, int width) {
    float[] values = new float[tokens * width];
    for (int token = 0; token < tokens; token++) {
      System.arraycopy(view.data(), view.at(token), values, token * width, width);
    }
    return values;
  }

  /** One image of a golden input's batch. */
  private record Case(Checkpoint golden, String label, int index, int batch) {
    boolean has(String name) {
      return golden.find(label + "." + name) != null;
    }

    float[] item(Tensor tensor) throws IOException {
      float[] all = tensor.toFloats();
      int length = all.length / batch;
      return Arrays.copyOfRange(all, index * length, (index + 1) * length);
    }

    void check(String name, float[] actual) throws IOException {
      float[] expected = item(golden.get(label + "." + name));
      VilGolden.assertClose(label + "." + name, expected, actual);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1_avg_32", "v2_flatten_32"})
  void trainingNamesAloneGiveTheSame(String name) throws IOException {
    Path folder = VilGolden.folder(name);
    Path training = folder.resolve("model_training_names.safetensors");
    try (VilModel model = open(folder);
        VilModel detected = detect(training);
        Checkpoint golden = Checkpoint.open(folder.resolve("expected.safetensors"))) {
      assertEquals(model.config(), detected.config());
      float[] batch = golden.get("input.a").toFloats();
      float[] pixels = Arrays.copyOf(batch, batch.length / 2);
      float[] expected = model.newSession(Team.of(1)).run(pixels);
      assertArrayEquals(expected, detected.newSession(Team.of(1)).run(pixels), 1e-5f);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"v1_mono_28_interp", "v2_avg_nonsquare_nobias", "v2_to_image", "v2_causal1d"})
  void tensorsTellTheVariant(String name) throws IOException {
    Path folder = VilGolden.folder(name);
    Config given = Config.read(folder.resolve("config.json"));
    VilConfig config = VilConfig.of(given);
    try (VilModel detected = detect(folder.resolve("model.safetensors"))) {
      VilConfig found = detected.config();
      assertEquals(config.version(), found.version());
      assertEquals(config.blocks(), found.blocks());
      assertEquals(config.image(), found.image());
      assertEquals(config.patch(), found.patch());
      assertEquals(config.classes(), found.classes());
      assertEquals(config.gridConvolution(), found.gridConvolution());
      assertEquals(config.projectionBias(), found.projectionBias());
      assertEquals(config.normBias(), found.normBias());
      assertEquals(config.legacyNorm(), found.legacyNorm());
    }
  }

  @Test
  void pictureToLogitsAtFullSize() throws IOException {
    String name = "v2_tiny_224";
    try (VilModel model = open(VilGolden.folder(name));
        Checkpoint golden = VilGolden.expected(name)) {
      VisionSession session = model.newSession(Team.of(2));
      Image image = VilGolden.image(golden.get("input.image_u8_hwc"));
      float[] logits = session.run(image);
      VilGolden.assertClose("logits", golden.get("img.output").toFloats(), logits);
      float[] features = golden.get("img.legacy_norm").toFloats();
      VilGolden.assertClose("features", features, session.features());
      double[] exact = golden.get("img.output_f64").toDoubles();
      double worst = 0;
      for (int i = 0; i < logits.length; i++) {
        worst = Math.max(worst, Math.abs(exact[i] - logits[i]));
      }
      assertTrue(worst <= 2e-4, "logits differ from float64 by " + worst);
    }
  }
}
