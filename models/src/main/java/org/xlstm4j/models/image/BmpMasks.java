package org.xlstm4j.models.image;

/** Which bits of a BMP pixel are its red, green, blue and opacity. */
final class BmpMasks {
  private final int[] masks;

  private BmpMasks(int... masks) {
    this.masks = masks;
  }

  /** The masks of files that name none. */
  static BmpMasks usual(int bits) {
    return bits == 16
        ? new BmpMasks(0x7C00, 0x3E0, 0x1F, 0)
        : new BmpMasks(0xFF0000, 0xFF00, 0xFF, 0);
  }

  /** The masks a file names; all 0 stand for eight bits each. */
  static BmpMasks of(int red, int green, int blue, int alpha) throws UnreadableImageException {
    if ((red | green | blue | alpha) == 0) {
      return new BmpMasks(0xFF0000, 0xFF00, 0xFF, 0xFF000000);
    }
    for (int mask : new int[] {red, green, blue, alpha}) {
      int moved = mask >>> Integer.numberOfTrailingZeros(mask);
      if ((moved & (moved + 1)) != 0) {
        throw new UnreadableImageException(
            "header", "masks of neighboring bits", "%08X".formatted(mask));
      }
    }
    return new BmpMasks(red, green, blue, alpha);
  }

  /** Writes red, green and blue on white. */
  void convert(int pixel, byte[] pixels, int to) {
    int opacity = masks[3] == 0 ? 255 : eightBits(pixel, masks[3]);
    for (int i = 0; i < 3; i++) {
      pixels[to + i] = Transparency.onWhite(eightBits(pixel, masks[i]), opacity);
    }
  }

  private static int eightBits(int pixel, int mask) {
    if (mask == 0) {
      return 0;
    }
    int bits = Integer.bitCount(mask);
    int value = (pixel & mask) >>> Integer.numberOfTrailingZeros(mask);
    return bits >= 8 ? value >>> (bits - 8) : value * 255 / ((1 << bits) - 1);
  }
}
