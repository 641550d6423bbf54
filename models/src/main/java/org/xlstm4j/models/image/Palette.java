package org.xlstm4j.models.image;

import java.util.Arrays;

/** The colors that indices stand for; black where none is given. */
final class Palette {
  private static final int SIZE = 256;

  private final byte[] colors = new byte[3 * SIZE];
  private final int[] opacities = new int[SIZE];

  /** Opaque black. */
  Palette() {
    Arrays.fill(opacities, 255);
  }

  /** Indices that are shades of gray themselves. */
  static Palette grays() {
    Palette palette = new Palette();
    for (int i = 0; i < SIZE; i++) {
      palette.set(i, i, i, i);
    }
    return palette;
  }

  /** Sets a color. */
  void set(int index, int red, int green, int blue) {
    colors[3 * index] = (byte) red;
    colors[3 * index + 1] = (byte) green;
    colors[3 * index + 2] = (byte) blue;
  }

  /** Makes a color transparent, 0, or partly so, up to 255. */
  void setOpacity(int index, int opacity) {
    opacities[index] = opacity;
  }

  /** All colors on white, three bytes each. */
  byte[] onWhite() {
    byte[] result = new byte[colors.length];
    for (int i = 0; i < colors.length; i++) {
      result[i] = Transparency.onWhite(colors[i] & 0xFF, opacities[i / 3]);
    }
    return result;
  }
}
