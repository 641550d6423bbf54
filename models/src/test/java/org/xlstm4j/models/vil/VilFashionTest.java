package org.xlstm4j.models.vil;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.kernels.dispatch.KernelWarmUp;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.quantize.ModelQuantizer;
import org.xlstm4j.models.image.Image;
import org.xlstm4j.models.testing.Golden;
import org.xlstm4j.models.testing.VilGolden;
import org.xlstm4j.models.vision.Prediction;
import org.xlstm4j.models.vision.VisionModel;
import org.xlstm4j.models.vision.VisionSession;

/** The trained model on its 200 test pictures: the reference's predictions, 186 of them right. */
@Tag("slow")
class VilFashionTest {
  private static final int PIXELS = 28 * 28;

  @BeforeAll
  static void vectorKernels() {
    KernelWarmUp.useVectorKernels();
  }

  @Test
  void predictsAsTheReference() throws IOException {
    Path folder = Golden.pretrained("vil-fashion");
    try (VisionModel model = VisionModel.open(folder);
        Checkpoint reference = Checkpoint.open(folder.resolve("reference.safetensors"))) {
      byte[] images = VilGolden.bytes(reference.get("images"));
      long[] labels = reference.get("labels").toLongs();
      float[] logits = reference.get("logits").toFloats();
      int classes = model.classes();
      VisionSession session = model.newSession(Team.of(2));
      int right = 0;
      for (int i = 0; i < labels.length; i++) {
        byte[] image = Arrays.copyOfRange(images, i * PIXELS, (i + 1) * PIXELS);
        float[] expected = Arrays.copyOfRange(logits, i * classes, (i + 1) * classes);
        float[] actual = session.run(new Image(image, 28, 28, 1));
        VilGolden.assertClose("picture " + i, expected, actual);
        int best = Prediction.top(model, actual, 1).getFirst().index();
        assertEquals(Prediction.top(model, expected, 1).getFirst().index(), best);
        right += best == labels[i] ? 1 : 0;
      }
      assertEquals(186, right);
    }
  }

  /** The reference has 186 pictures right: with 8 bits as many, with 4 at most one point fewer. */
  @ParameterizedTest
  @CsvSource({"Q8, 186", "Q4, 184"})
  void quantizedWeightsKeepTheAccuracy(WeightType type, int least, @TempDir Path temporary)
      throws IOException {
    Path folder = Golden.pretrained("vil-fashion");
    Path quantized = temporary.resolve("quantized");
    try (VisionModel model = VisionModel.open(folder)) {
      new ModelQuantizer(model.checkpoint(), type, Map.of(), Team.of(2))
          .write(Config.ofFolder(folder), quantized, done -> {});
    }
    try (VisionModel model = VisionModel.open(quantized);
        Checkpoint reference = Checkpoint.open(folder.resolve("reference.safetensors"))) {
      byte[] images = VilGolden.bytes(reference.get("images"));
      long[] labels = reference.get("labels").toLongs();
      VisionSession session = model.newSession(Team.of(1));
      int right = 0;
      for (int i = 0; i < labels.length; i++) {
        byte[] image = Arrays.copyOfRange(images, i * PIXELS, (i + 1) * PIXELS);
        float[] logits = session.run(new Image(image, 28, 28, 1));
        right += Prediction.top(model, logits, 1).getFirst().index() == labels[i] ? 1 : 0;
      }
      assertTrue(right >= least, right + " right");
    }
  }
}
