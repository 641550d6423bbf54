package org.xlstm4j.models.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * Files of every kind, whose pixels are Pillow's, and broken files. {@code
 * bench/reference/pictures.py --keep} makes the files and the table of expected pixels.
 */
@Tag("slow")
class ImageDecoderTest {
  private static final Path NAME = Path.of("picture");

  /** Lines of name, width, height and CRC-32 of the RGB bytes; 0, 0 and 0 if it is refused. */
  private static Stream<String> expected() throws IOException {
    return new String(resource("expected.tsv"), UTF_8).lines();
  }

  @ParameterizedTest
  @MethodSource("expected")
  void pixelsAreThoseOfPillow(String line) throws IOException {
    String[] fields = line.split("\t", -1);
    byte[] file = resource(fields[0]);
    int width = Integer.parseInt(fields[1]);
    if (width == 0) {
      assertRefused(file, "");
      return;
    }
    Image image = ImageDecoder.decode(file, NAME);
    assertEquals(width, image.width());
    assertEquals(Integer.parseInt(fields[2]), image.height());
    CRC32 crc = new CRC32();
    for (byte value : image.data()) {
      for (int channel = 0; channel < 3; channel += image.channels()) {
        crc.update(value);
      }
    }
    assertEquals(Long.parseLong(fields[3]), crc.getValue());
  }

  @Test
  void refusesOtherFormatsByName() throws IOException {
    assertRefused(resource("other.webp"), "WebP");
    assertRefused(resource("other.tif"), "TIFF");
    assertRefused(resource("other.avif"), "HEIF or AVIF");
    assertRefused(new byte[0], "nothing");
    assertRefused("plain text".getBytes(UTF_8), "unknown");
  }

  @Test
  void saysWhatIsNotReadable() throws IOException {
    assertRefused(resource("jpg-frame-C9.jpg"), "arithmetic codes");
    assertRefused(resource("jpg-frame-C3.jpg"), "lossless");
    assertRefused(resource("jpg-twelve-bits.jpg"), "12 bits");
    assertRefused(resource("jpg-cut-half-ended.jpg"), "ends early");
    assertRefused(resource("jpg-progressive-first-scan.jpg"), "found only some");
    assertRefused(resource("jpg-restart-missing.jpg"), "restart marker 1");
    assertRefused(resource("png-header-checksum.png"), "checksum");
  }

  @Test
  void refusesDecompressionBombsByTheirHeader() throws IOException {
    assertRefused(pngOf(100_000, 100_000, 8, 0, new byte[0]), "100000 x 100000");
    assertRefused(pngOf(Integer.MAX_VALUE, Integer.MAX_VALUE, 1, 0, new byte[0]), "2147483647 x");
    assertRefused(pngOf(7000, 7000, 8, 2, new byte[0]), "7000 x 7000");
    assertRefused(pngOf(5000, 5000, 16, 6, new byte[0]), "bytes of pixels");
    assertRefused(pngOf(0, 5, 8, 0, new byte[0]), "0 x 5");
    byte[] gif = resource("gif-no-screen.gif");
    int frameOfGif = 13 + 3 * 4;
    Arrays.fill(gif, frameOfGif + 5, frameOfGif + 7, (byte) 0);
    assertRefused(gif, "0 x 25");
    byte[] jpeg = resource("jpg-gray.jpg");
    int frame = indexOf(jpeg, 0xC0);
    Arrays.fill(jpeg, frame + 5, frame + 9, (byte) 0);
    assertRefused(jpeg, "0 x 0");
  }

  /** Rows that are not there ask for no memory, and jumps do not add up beyond an int. */
  @Test
  void refusesBitmapsThatPromiseTooMuch() {
    byte[] plain = bitmap(8_073_729, 1, 24, 0, new byte[4]);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertRefused(plain, "ends early");
    assertTrue(threads.getCurrentThreadAllocatedBytes() - before < 1 << 20);
    byte[] jumps = new byte[4 * 8_421_506 + 2];
    for (int i = 0; i + 2 < jumps.length; i += 4) {
      jumps[i + 1] = 2;
      jumps[i + 2] = (byte) 255;
    }
    jumps[jumps.length - 2] = 1;
    assertRefused(bitmap(16, 16, 8, 1, jumps), "ends early");
  }

  private static byte[] bitmap(int width, int height, int bits, int compression, byte[] pixels) {
    int palette = bits == 8 ? 1024 : 0;
    return ByteBuffer.allocate(54 + palette + pixels.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(0, new byte[] {'B', 'M'})
        .putInt(10, 54 + palette)
        .putInt(14, 40)
        .putInt(18, width)
        .putInt(22, height)
        .putShort(28, (short) bits)
        .putInt(30, compression)
        .put(54 + palette, pixels)
        .array();
  }

  /** Scans of a few bytes that pass over many blocks and change nothing. */
  @Test
  void refusesScansWithoutEnd() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    HexFormat hex = HexFormat.of();
    file.writeBytes(hex.parseHex("FFD8FFDB004300" + "01".repeat(64)));
    file.writeBytes(hex.parseHex("FFC2000B08" + "12C012C0" + "01011100"));
    // one code each: of no difference, and of 16384 empty blocks and as many more as 14 bits say
    file.writeBytes(hex.parseHex("FFC4001400" + "01" + "00".repeat(15) + "00"));
    file.writeBytes(hex.parseHex("FFC4001410" + "01" + "00".repeat(15) + "E0"));
    byte[] scan = hex.parseHex("FFDA000801010001" + "3F00" + "00".repeat(42));
    for (int i = 0; i < 3000; i++) {
      file.writeBytes(scan);
    }
    file.writeBytes(hex.parseHex("FFD9"));
    assertRefused(file.toByteArray(), "blocks in all scans");
  }

  @Test
  void takesLittleMemoryBesideThePicture() throws IOException {
    byte[] png = pngOf(3000, 2000, 8, 2, new byte[2000 * (1 + 3 * 3000)]);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    Image image = ImageDecoder.decode(png, NAME);
    long taken = threads.getCurrentThreadAllocatedBytes() - before;
    assertEquals(18_000_000, image.data().length);
    assertTrue(taken < 19_000_000, taken + " bytes");
  }

  /** A PNG file whose header says the size, with right checksums. */
  private static byte[] pngOf(int width, int height, int bits, int kind, byte[] data) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes(HexFormat.of().parseHex("89504E470D0A1A0A"));
    byte[] header = new byte[13];
    ByteBuffer.wrap(header).putInt(width).putInt(height).put((byte) bits).put((byte) kind);
    writeChunk(png, "IHDR", header);
    Deflater deflater = new Deflater();
    deflater.setInput(data);
    deflater.finish();
    byte[] deflated = new byte[1 << 20];
    writeChunk(png, "IDAT", Arrays.copyOf(deflated, deflater.deflate(deflated)));
    deflater.end();
    writeChunk(png, "IEND", new byte[0]);
    return png.toByteArray();
  }

  private static void writeChunk(ByteArrayOutputStream out, String type, byte[] body) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + body.length);
    chunk.putInt(body.length).put(type.getBytes(UTF_8)).put(body);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 4 + body.length);
    chunk.putInt((int) crc.getValue());
    out.writeBytes(chunk.array());
  }

  private static int indexOf(byte[] jpeg, int marker) {
    for (int i = 0; ; i++) {
      if ((jpeg[i] & 0xFF) == 0xFF && (jpeg[i + 1] & 0xFF) == marker) {
        return i;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bmp-24-top.bmp",
        "bmp-4-old.bmp",
        "bmp-rle8-odd.bmp",
        "bmp-rle4.bmp",
        "png-rgba8-interlaced.png",
        "png-palette-trns.png",
        "gif-local.gif",
        "gif-few-placed-transparent.gif",
        "jpg-exif-II-6.jpg",
        "jpg-progressive-420.jpg",
        "jpg-scans-restart.jpg",
        "jpg-cmyk.jpg"
      })
  void filesCutAnywhereAreRefusedOrTheSame(String name) throws IOException {
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
  @ValueSource(
      strings = {
        "bmp-8-few.bmp",
        "bmp-rle8-odd.bmp",
        "bmp-rle4.bmp",
        "bmp-32-masks4-124.bmp",
        "png-palette-trns.png",
        "png-graya16.png",
        "gif-few-interlaced.gif",
        "jpg-exif-II-6.jpg",
        "jpg-progressive-420.jpg",
        "jpg-sampling-chroma-larger.jpg",
        "jpg-scans-restart.jpg"
      })
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

  private static void assertRefused(byte[] file, String part) {
    ModelFormatException e =
        assertThrows(ModelFormatException.class, () -> ImageDecoder.decode(file, NAME));
    assertTrue(e.getMessage().contains(part), e.getMessage());
    assertFalse(e.getMessage().contains("\n"), e.getMessage());
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = ImageDecoderTest.class.getResourceAsStream("/pictures/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
