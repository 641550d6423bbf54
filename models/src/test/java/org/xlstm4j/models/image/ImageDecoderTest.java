package org.xlstm4j.models.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.loader.ModelFormatException;

/** Files of every kind against Pillow's pixels, kept as PNG files beside them; and broken files. */
class ImageDecoderTest {
  private static final Path NAME = Path.of("picture");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "colour.bmp",
        "grey.png",
        "one-bit.png",
        "palette.png",
        "transparent.png",
        "transparent-palette.png",
        "sixteen-bit.png",
        "palette.gif",
        "transparent.gif",
        "animated.gif"
      })
  void losslessFormatsGiveThePixels(String name) throws IOException {
    checkPixels(name, 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "colour.jpg",
        "grey.jpg",
        "cmyk.jpg",
        "orientation-1.jpg",
        "orientation-2.jpg",
        "orientation-3.jpg",
        "orientation-4.jpg",
        "orientation-5.jpg",
        "orientation-6.jpg",
        "orientation-7.jpg",
        "orientation-8.jpg"
      })
  void jpegGivesThePixels(String name) throws IOException {
    checkPixels(name, 3);
  }

  private static void checkPixels(String name, int limit) throws IOException {
    Image expected = ImageDecoder.decode(resource(name + ".expected.png"), NAME);
    Image actual = ImageDecoder.decode(resource(name), NAME);
    assertEquals(expected.height(), actual.height());
    assertEquals(expected.width(), actual.width());
    assertEquals(expected.channels(), actual.channels());
    for (int i = 0; i < expected.data().length; i++) {
      assertEquals(expected.data()[i] & 0xFF, actual.data()[i] & 0xFF, limit, "value " + i);
    }
  }

  @Test
  void refusesOtherFormatsByName() throws IOException {
    assertMessage(resource("colour.webp"), "WebP");
    assertMessage(new byte[0], "nothing");
    assertMessage("plain text".getBytes(java.nio.charset.StandardCharsets.US_ASCII), "unknown");
  }

  @Test
  void refusesDecompressionBombsByTheirHeader() throws IOException {
    assertMessage(pngOf(100_000, 100_000), "100000 x 100000");
    assertMessage(pngOf(Integer.MAX_VALUE, Integer.MAX_VALUE), "2147483647 x 2147483647");
    assertMessage(pngOf(0, 5), "");
    byte[] gif = resource("palette.gif");
    Arrays.fill(gif, 6, 10, (byte) 0);
    ImageDecoder.decode(gif, NAME);
    byte[] jpeg = resource("colour.jpg");
    int frame = indexOfFrame(jpeg);
    Arrays.fill(jpeg, frame + 5, frame + 9, (byte) 0);
    assertMessage(jpeg, "");
  }

  private static int indexOfFrame(byte[] jpeg) {
    for (int i = 0; ; i++) {
      if ((jpeg[i] & 0xFF) == 0xFF && (jpeg[i + 1] & 0xFF) == 0xC0) {
        return i;
      }
    }
  }

  /** A PNG file whose header says the size, with a right checksum. */
  private static byte[] pngOf(int width, int height) throws IOException {
    byte[] png = resource("grey.png");
    ByteBuffer.wrap(png, 16, 8).putInt(width).putInt(height);
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    ByteBuffer.wrap(png, 29, 4).putInt((int) crc.getValue());
    return png;
  }

  @ParameterizedTest
  @ValueSource(strings = {"colour.bmp", "grey.png", "palette.gif", "orientation-6.jpg", "cmyk.jpg"})
  void refusesFilesCutAnywhere(String name) throws IOException {
    byte[] whole = resource(name);
    Image image = ImageDecoder.decode(whole, NAME);
    for (int length = 0; length < whole.length; length++) {
      try {
        Image cut = ImageDecoder.decode(Arrays.copyOf(whole, length), NAME);
        assertTrue(Arrays.equals(image.data(), cut.data()), name + " cut to " + length);
      } catch (ModelFormatException e) {
        assertFalse(e.getMessage().contains("\n"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"colour.bmp", "transparent.png", "palette.gif", "orientation-6.jpg"})
  void damageIsRefusedOrDecoded(String name) throws IOException {
    Random random = new Random(9);
    byte[] whole = resource(name);
    int decoded = 0;
    for (int round = 0; round < 2000; round++) {
      byte[] damaged = whole.clone();
      for (int i = 0; i <= round % 3; i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        Image image = ImageDecoder.decode(damaged, NAME);
        decoded += image.height() > 0 ? 1 : 0;
      } catch (ModelFormatException e) {
        assertFalse(e.getMessage().contains("\n"));
      }
    }
    assertTrue(decoded > 0, "harmless damage is decoded");
  }

  private static void assertMessage(byte[] file, String part) {
    ModelFormatException e =
        assertThrows(ModelFormatException.class, () -> ImageDecoder.decode(file, NAME));
    assertTrue(e.getMessage().contains(part), e.getMessage());
    assertFalse(e.getMessage().contains("\n"), e.getMessage());
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = ImageDecoderTest.class.getResourceAsStream("/images/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
