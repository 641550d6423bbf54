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

/** The trained model on its test pictures: the reference's predictions, and nearly its accuracy. */
@Tag("slow")
class VilFashionTest {
  private static final Path FOLDER = Golden.pretrained("vil-fashion");
  private static final int PIXELS = 28 * 28;

  /** Of 200 pictures. */
  private static final int EVERY_TENTH = 10;

  @BeforeAll
  static void useFastKernels() {
    Golden.useFastKernels();
  }

  /** The pictures, what they show, and the original's logits. */
  @SuppressWarnings("ArrayRecordComponent") // read and never changed
  private record Pictures(byte[] images, long[] labels, float[] logits) {
    static Pictures read() throws IOException {
      try (Checkpoint reference = Checkpoint.open(FOLDER.resolve("reference.safetensors"))) {
        return new Pictures(
            VilGolden.bytes(reference.get("images")),
            reference.get("labels").toLongs(),
            reference.get("logits").toFloats());
      }
    }

    Image image(int index) {
      byte[] pixels = Arrays.copyOfRange(images, index * PIXELS, (index + 1) * PIXELS);
      return new Image(pixels, 28, 28, 1);
    }

    float[] logits(int index) {
      int classes = logits.length / labels.length;
      return Arrays.copyOfRange(logits, index * classes, (index + 1) * classes);
    }
  }

  private static int best(VisionModel model, float[] logits) {
    return Prediction.top(model, logits, 1).getFirst().index();
  }

  @Test
  void predictsAsTheReference() throws IOException {
    predictsAsTheReference(EVERY_TENTH);
  }

  @Test
  @Tag("long")
  void predictsAsTheReferenceForAllPictures() throws IOException {
    assertEquals(186, predictsAsTheReference(1));
  }

  /** How many of every so many pictures are right. */
  private static int predictsAsTheReference(int step) throws IOException {
    Pictures pictures = Pictures.read();
    try (VisionModel model = VisionModel.open(FOLDER)) {
      VisionSession session = model.newSession(Team.of(2));
      int right = 0;
      for (int i = 0; i < pictures.labels().length; i += step) {
        float[] expected = pictures.logits(i);
        float[] actual = session.run(pictures.image(i));
        VilGolden.assertClose("picture " + i, expected, actual);
        assertEquals(best(model, expected), best(model, actual));
        right += best(model, actual) == pictures.labels()[i] ? 1 : 0;
      }
      return right;
    }
  }

  /** With 8 bits as many pictures are right as with the reference, with 4 hardly fewer. */
  @ParameterizedTest
  @CsvSource({"Q8, 0", "Q4, 1"})
  void quantizedWeightsKeepTheAccuracy(WeightType type, int fewer, @TempDir Path temporary)
      throws IOException {
    quantizedWeightsKeepTheAccuracy(type, EVERY_TENTH, fewer, temporary);
  }

  @ParameterizedTest
  @CsvSource({"Q8, 0", "Q4, 2"})
  @Tag("long")
  void quantizedWeightsKeepTheAccuracyOnAllPictures(
      WeightType type, int fewer, @TempDir Path temporary) throws IOException {
    quantizedWeightsKeepTheAccuracy(type, 1, fewer, temporary);
  }

  private static void quantizedWeightsKeepTheAccuracy(
      WeightType type, int step, int fewer, Path temporary) throws IOException {
    Path quantized = temporary.resolve("quantized");
    try (VisionModel model = VisionModel.open(FOLDER)) {
      new ModelQuantizer(model.checkpoint(), type, Map.of(), Team.of(2))
          .write(Config.ofFolder(FOLDER), quantized, done -> {});
    }
    Pictures pictures = Pictures.read();
    try (VisionModel model = VisionModel.open(quantized)) {
      VisionSession session = model.newSession(Team.of(1));
      int balance = 0;
      for (int i = 0; i < pictures.labels().length; i += step) {
        long label = pictures.labels()[i];
        balance += best(model, session.run(pictures.image(i))) == label ? 1 : 0;
        balance -= best(model, pictures.logits(i)) == label ? 1 : 0;
      }
      assertTrue(balance >= -fewer, balance + " more right than with the reference");
    }
  }
}
