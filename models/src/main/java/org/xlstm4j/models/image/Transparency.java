package org.xlstm4j.models.image;

/** Transparent colors, which lie on white. */
final class Transparency {
  private static final int WHITE = 255;

  private Transparency() {}

  /**
   * A value on white.
   *
   * @param value 0 to 255
   * @param opacity 0 to 255
   */
  static byte onWhite(int value, int opacity) {
    return (byte) ((value * opacity + WHITE * (255 - opacity) + 127) / 255);
  }
}
