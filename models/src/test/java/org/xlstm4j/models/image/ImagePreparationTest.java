package org.xlstm4j.models.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.models.testing.VilGolden;

/** The preparation of images, bit for bit. */
class ImagePreparationTest {
  private static final List<Float> MEAN = List.of(0.485f, 0.456f, 0.406f);
  private static final List<Float> STD = List.of(0.229f, 0.224f, 0.225f);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void equalsTheOriginal(int index) throws IOException {
    try (Checkpoint golden = VilGolden.expected("preprocessing")) {
      Image image = VilGolden.image(golden.get("input." + index));
      Tensor resized = golden.get(index + ".resized_u8");
      int height = resized.dimensions()[0];
      int width = resized.dimensions()[1];
      byte[] whole = new byte[height * width * 3];
      new BicubicResize()
          .resize(
              image.data(),
              new Size(image.height(), image.width()),
              3,
              new Size(height, width),
              new BicubicResize.Window(0, 0, height, width),
              whole);
      assertArrayEquals(VilGolden.bytes(resized), whole);

      Tensor normalized = golden.get(index + ".normalized");
      Size size = new Size(normalized.dimensions()[1], normalized.dimensions()[2]);
      ImagePreparation preparation = new ImagePreparation(3, size, MEAN, STD);
      assertArrayEquals(
          VilGolden.bytes(golden.get(index + ".cropped_u8")), preparation.crop(image));
      float[] pixels = new float[3 * size.area()];
      preparation.prepare(image, pixels);
      assertArrayEquals(normalized.toFloats(), pixels);
    }
  }

  @Test
  void equalsTheOriginalAtFullSize() throws IOException {
    try (Checkpoint golden = VilGolden.expected("v2_tiny_224")) {
      Image image = VilGolden.image(golden.get("input.image_u8_hwc"));
      ImagePreparation preparation = new ImagePreparation(3, new Size(224, 224), MEAN, STD);
      byte[] cropped = VilGolden.bytes(golden.get("preprocess.cropped_u8_hwc"));
      assertArrayEquals(cropped, preparation.crop(image));
      assertArrayEquals(cropped, preparation.crop(image), "the second time, from kept buffers");
    }
  }

  @Test
  void buffersOfAnotherSizeDoNotShowThrough() {
    Random random = new Random(3);
    ImagePreparation kept = new ImagePreparation(3, new Size(20, 12), MEAN, STD);
    int[][] sizes = {{40, 50}, {12, 20}, {20, 12}, {7, 90}, {90, 7}, {1, 1}, {40, 50}, {21, 13}};
    for (int[] size : sizes) {
      Image image = noise(random, size[0], size[1], 3);
      ImagePreparation fresh = new ImagePreparation(3, new Size(20, 12), MEAN, STD);
      assertArrayEquals(fresh.crop(image).clone(), kept.crop(image));
    }
  }

  @Test
  void aLongThinImageTakesLittleMemory() {
    ImagePreparation preparation =
        new ImagePreparation(1, new Size(224, 224), MEAN.subList(0, 1), STD.subList(0, 1));
    Image image = new Image(new byte[8_000_000], 1, 8_000_000, 1);
    assertEquals(224 * 224, preparation.crop(image).length);
    Image thinner = new Image(new byte[10_000_000], 1, 10_000_000, 1);
    assertThrows(IllegalArgumentException.class, () -> preparation.crop(thinner));
    assertThrows(IllegalArgumentException.class, () -> preparation.crop(thinner), "again");
  }

  @Test
  void grayBecomesColorAndColorGray() {
    Size size = new Size(1, 2);
    ImagePreparation color = new ImagePreparation(3, size, MEAN, STD);
    Image gray = new Image(new byte[] {7, (byte) 200}, 1, 2, 1);
    byte[] repeated = {7, 7, 7, (byte) 200, (byte) 200, (byte) 200};
    assertArrayEquals(repeated, color.crop(gray));

    ImagePreparation luma = new ImagePreparation(1, size, List.of(0f), List.of(1f));
    byte[] colors = {(byte) 255, 0, 0, 10, (byte) 200, 30};
    assertArrayEquals(new byte[] {76, (byte) 124}, luma.crop(new Image(colors, 1, 2, 3)));
  }

  @Test
  void refusesWhatIsNoImage() {
    assertThrows(IllegalArgumentException.class, () -> new Image(new byte[5], 1, 2, 3));
    assertThrows(IllegalArgumentException.class, () -> new Image(new byte[0], 0, 2, 3));
    assertThrows(IllegalArgumentException.class, () -> new Image(new byte[4], 1, 2, 2));
    assertThrows(IllegalArgumentException.class, () -> new Image(new byte[0], 1 << 30, 1 << 30, 3));
  }

  static Image noise(Random random, int height, int width, int channels) {
    byte[] data = new byte[height * width * channels];
    random.nextBytes(data);
    return new Image(data, height, width, channels);
  }
}
