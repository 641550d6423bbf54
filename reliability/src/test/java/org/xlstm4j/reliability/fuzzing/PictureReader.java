package org.xlstm4j.reliability.fuzzing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import org.xlstm4j.models.image.Image;
import org.xlstm4j.models.image.ImageDecoder;

/** Pictures in four formats. */
final class PictureReader {
  private static final Path NAME = Path.of("x");

  /** Most bytes of a picture: the documented limit of pixels is far above it. */
  private static final long BYTES_A_PIXEL = 16;

  private static final long MOST_PIXELS = 178_956_970;

  /** A property of the fuzzer, for which filling large pictures would be nearly all of the work. */
  private static final long USUAL_PIXELS = Long.getLong("pixels", MOST_PIXELS);

  /** One of how many inputs may have as many pixels as a file of a user's. */
  private static final int SELDOM = 1024;

  private PictureReader() {}

  static void read(byte[] file) throws IOException {
    boolean large = Arrays.hashCode(file) % SELDOM == 0;
    Image image = ImageDecoder.decode(file, NAME, large ? MOST_PIXELS : USUAL_PIXELS);
    if (image.width() < 1 || image.height() < 1) {
      throw new FilePromise.BrokenException("a picture without pixels");
    }
  }

  /** 16 bytes for each pixel that the file says it has, in whatever place. */
  static long bytesOfPixels(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    long most = 0;
    if (file.length >= 26) {
      most = Math.max(most, product(bytes.getInt(16), bytes.getInt(20)));
      bytes.order(ByteOrder.LITTLE_ENDIAN);
      most = Math.max(most, product(bytes.getInt(18), bytes.getInt(22)));
      most = Math.max(most, product(bytes.getShort(18) & 0xffff, bytes.getShort(20) & 0xffff));
      most = Math.max(most, product(bytes.getShort(6) & 0xffff, bytes.getShort(8) & 0xffff));
    }
    bytes.order(ByteOrder.BIG_ENDIAN);
    for (int at = 0; at + 9 < file.length; at++) {
      boolean frame = file[at] == (byte) 0xff && (file[at + 1] & 0xf0) == 0xc0;
      boolean image = file[at] == ',';
      if (frame) {
        most =
            Math.max(
                most, product(bytes.getShort(at + 5) & 0xffff, bytes.getShort(at + 7) & 0xffff));
      } else if (image) {
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        most =
            Math.max(
                most, product(bytes.getShort(at + 5) & 0xffff, bytes.getShort(at + 7) & 0xffff));
        bytes.order(ByteOrder.BIG_ENDIAN);
      }
    }
    return BYTES_A_PIXEL * most;
  }

  private static long product(long width, long height) {
    long pixels = Math.abs(width) * Math.abs(height);
    return Math.min(pixels, MOST_PIXELS);
  }
}
