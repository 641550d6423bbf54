package org.xlstm4j.reliability.fuzzing;

import java.io.IOException;
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

  // what a picture begins with, or a frame of one
  private static final long GIF = 0x474946;
  private static final long BMP = 0x424D;
  private static final long PNG = 0x89504E47L;
  private static final long JPEG_FRAME = 0xFFC0;

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

  /** 16 bytes for each pixel of the largest picture that could begin anywhere in a file. */
  static long bytesOfPixels(byte[] file) {
    long most = 0;
    long screenWidth = 0;
    long screenHeight = 0;
    for (int at = 0; at < file.length; at++) {
      if (big(file, at, 3) == GIF) {
        screenWidth = Math.max(screenWidth, little(file, at + 6, 2));
        screenHeight = Math.max(screenHeight, little(file, at + 8, 2));
      } else if (file[at] == ',') { // a frame of a GIF, at its place on the screen
        long right = little(file, at + 1, 2) + little(file, at + 5, 2);
        long end = little(file, at + 3, 2) + little(file, at + 7, 2);
        most = Math.max(most, product(Math.max(screenWidth, right), Math.max(screenHeight, end)));
      } else if (big(file, at, 2) == BMP) {
        most = Math.max(most, product(little(file, at + 18, 4), little(file, at + 22, 4)));
        most = Math.max(most, product(little(file, at + 18, 2), little(file, at + 20, 2)));
      } else if (big(file, at, 4) == PNG) {
        most = Math.max(most, product(big(file, at + 16, 4), big(file, at + 20, 4)));
      } else if ((big(file, at, 2) & 0xFFF0) == JPEG_FRAME) {
        most = Math.max(most, product(big(file, at + 7, 2), big(file, at + 5, 2)));
      }
    }
    return BYTES_A_PIXEL * most;
  }

  private static long little(byte[] file, int at, int count) {
    long value = 0;
    for (int i = count - 1; i >= 0; i--) {
      value = value << 8 | (at + i < file.length ? file[at + i] & 0xFF : 0);
    }
    return value;
  }

  private static long big(byte[] file, int at, int count) {
    return Long.reverseBytes(little(file, at, count)) >>> (64 - 8 * count);
  }

  /** Heights below zero are those of pictures that are stored from the top. */
  private static long product(long width, long height) {
    return Math.min(width * Math.abs((int) height), MOST_PIXELS);
  }
}
