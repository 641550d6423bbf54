package org.xlstm4j.models.image;

/** What the components of a JPEG picture are, and how they become gray or RGB. */
enum JpegColors {
  /** Brightness alone. */
  GRAY,

  /** Red, green and blue. */
  RGB,

  /** Brightness and two differences of color. */
  YCC,

  /** The complements of four inks, as Adobe's programs store them. */
  INKS,

  /** Brightness and differences of the first three inks, and the complement of black. */
  YCC_BLACK;

  private static final int FRACTION_BITS = 16;
  private static final int HALF = 1 << (FRACTION_BITS - 1);

  // the weights of the differences of color, times 2^16
  private static final int RED = 91881;
  private static final int GREEN_BY_RED = 46802;
  private static final int GREEN_BY_BLUE = 22554;
  private static final int BLUE = 116130;

  /** Channels of the picture. */
  int channels() {
    return this == GRAY ? 1 : 3;
  }

  /**
   * Converts a row.
   *
   * @param lines the components' values, one a pixel
   * @param count number of pixels
   * @param pixels receives them, channel by channel
   */
  void convert(byte[][] lines, int count, byte[] pixels) {
    switch (this) {
      case GRAY -> System.arraycopy(lines[0], 0, pixels, 0, count);
      case RGB -> interleave(lines, count, pixels);
      case YCC -> fromYcc(lines, count, pixels, 0);
      case INKS -> {
        interleave(lines, count, pixels);
        blacken(lines[3], count, pixels);
      }
      case YCC_BLACK -> {
        fromYcc(lines, count, pixels, 0xFF);
        blacken(lines[3], count, pixels);
      }
    }
  }

  private static void interleave(byte[][] lines, int count, byte[] pixels) {
    for (int i = 0; i < count; i++) {
      pixels[3 * i] = lines[0][i];
      pixels[3 * i + 1] = lines[1][i];
      pixels[3 * i + 2] = lines[2][i];
    }
  }

  /** Writes red, green and blue, all of their bits turned as the flips say. */
  private static void fromYcc(byte[][] lines, int count, byte[] pixels, int flips) {
    byte[] first = lines[0];
    byte[] second = lines[1];
    byte[] third = lines[2];
    for (int i = 0; i < count; i++) {
      int y = first[i] & 0xFF;
      int b = (second[i] & 0xFF) - 128;
      int r = (third[i] & 0xFF) - 128;
      int red = y + ((RED * r + HALF) >> FRACTION_BITS);
      int green = y + ((HALF - GREEN_BY_BLUE * b - GREEN_BY_RED * r) >> FRACTION_BITS);
      int blue = y + ((BLUE * b + HALF) >> FRACTION_BITS);
      pixels[3 * i] = (byte) (Math.clamp(red, 0, 255) ^ flips);
      pixels[3 * i + 1] = (byte) (Math.clamp(green, 0, 255) ^ flips);
      pixels[3 * i + 2] = (byte) (Math.clamp(blue, 0, 255) ^ flips);
    }
  }

  private static void blacken(byte[] black, int count, byte[] pixels) {
    for (int i = 0; i < count; i++) {
      int light = black[i] & 0xFF;
      for (int channel = 3 * i; channel < 3 * i + 3; channel++) {
        pixels[channel] = (byte) (((pixels[channel] & 0xFF) * light + 127) / 255);
      }
    }
  }
}
