package org.xlstm4j.models.image;

import java.nio.ByteBuffer;

/** What the samples of a PNG picture are, and how they become gray or RGB on white. */
final class PngPixels {
  private static final int GRAY = 0;
  private static final int RGB = 2;
  private static final int INDEXED = 3;
  private static final int GRAY_ALPHA = 4;
  private static final int RGB_ALPHA = 6;
  private static final int NONE = -1;

  private final int bits;
  private final int kind;
  private final Palette palette = new Palette();

  /** The samples that stand for a transparent pixel, or {@link #NONE}. */
  private final int[] transparent = {NONE, NONE, NONE};

  private byte[] colors;

  private PngPixels(int bits, int kind) {
    this.bits = bits;
    this.kind = kind;
    colors = palette.onWhite();
  }

  /**
   * Samples of a kind.
   *
   * @param bits of a sample
   * @param kind the header's number for it
   */
  static PngPixels of(int bits, int kind) throws UnreadableImageException {
    boolean known =
        switch (kind) {
          case GRAY -> bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16;
          case INDEXED -> bits == 1 || bits == 2 || bits == 4 || bits == 8;
          case RGB, GRAY_ALPHA, RGB_ALPHA -> bits == 8 || bits == 16;
          default -> false;
        };
    if (!known) {
      throw new UnreadableImageException(
          "IHDR", "a color type and its bits", "type " + kind + " with " + bits + " bits");
    }
    return new PngPixels(bits, kind);
  }

  /** Reads the colors of indices. */
  void readPalette(ByteBuffer body) {
    int count = Math.min(256, body.capacity() / 3);
    for (int i = 0; i < count; i++) {
      palette.set(i, body.get() & 0xFF, body.get() & 0xFF, body.get() & 0xFF);
    }
    colors = palette.onWhite();
  }

  /** Reads which indices or samples are transparent. */
  void readTransparency(ByteBuffer body) {
    switch (kind) {
      case INDEXED -> {
        int count = Math.min(256, body.capacity());
        for (int i = 0; i < count; i++) {
          palette.setOpacity(i, body.get() & 0xFF);
        }
        colors = palette.onWhite();
      }
      case GRAY -> transparent[0] = body.getShort() & 0xFFFF;
      case RGB -> {
        for (int i = 0; i < 3; i++) {
          transparent[i] = body.getShort() & 0xFFFF;
        }
      }
      default -> {} // these have a sample for it
    }
  }

  private int samples() {
    return switch (kind) {
      case RGB -> 3;
      case GRAY_ALPHA -> 2;
      case RGB_ALPHA -> 4;
      default -> 1;
    };
  }

  /** Channels of the picture. */
  int channels() {
    return kind == GRAY || kind == GRAY_ALPHA ? 1 : 3;
  }

  /** Bytes of a row of pixels. */
  int rowBytes(int columns) {
    return Math.toIntExact(Math.ceilDiv((long) columns * samples() * bits, 8));
  }

  /** Whole bytes of a pixel, at least 1. */
  int pixelBytes() {
    return Math.max(1, samples() * bits / 8);
  }

  /**
   * Converts a row.
   *
   * @param row the samples
   * @param columns number of pixels
   * @param pixels receives them, {@code [columns][channels]}
   */
  void convert(byte[] row, int columns, byte[] pixels) {
    boolean opaque = transparent[0] == NONE;
    if (bits == 8 && opaque && (kind == GRAY || kind == RGB)) {
      System.arraycopy(row, 0, pixels, 0, columns * channels());
    } else if (kind == INDEXED) {
      for (int i = 0; i < columns; i++) {
        int from = 3 * sample(row, i);
        pixels[3 * i] = colors[from];
        pixels[3 * i + 1] = colors[from + 1];
        pixels[3 * i + 2] = colors[from + 2];
      }
    } else {
      int channels = channels();
      int samples = samples();
      for (int i = 0; i < columns; i++) {
        int first = i * samples;
        int opacity =
            samples > channels
                ? eightBits(sample(row, first + channels))
                : isTransparent(row, first) ? 0 : 255;
        for (int channel = 0; channel < channels; channel++) {
          int value = eightBits(sample(row, first + channel));
          pixels[i * channels + channel] =
              opacity == 255 ? (byte) value : Transparency.onWhite(value, opacity);
        }
      }
    }
  }

  private boolean isTransparent(byte[] row, int first) {
    for (int i = 0; i < channels(); i++) {
      if (sample(row, first + i) != transparent[i]) {
        return false;
      }
    }
    return true;
  }

  private int sample(byte[] row, int index) {
    if (bits == 8) {
      return row[index] & 0xFF;
    } else if (bits == 16) {
      return (row[2 * index] & 0xFF) << 8 | (row[2 * index + 1] & 0xFF);
    }
    int perByte = 8 / bits;
    int shift = (perByte - 1 - index % perByte) * bits;
    return (row[index / perByte] & 0xFF) >> shift & ((1 << bits) - 1);
  }

  private int eightBits(int sample) {
    return bits == 16 ? sample >> 8 : sample * 255 / ((1 << bits) - 1);
  }
}
