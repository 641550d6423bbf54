package org.xlstm4j.models.action;

/**
 * The pictures a model takes: unsigned bytes in the order {@code [channel][row][column]}.
 *
 * @param channels colors, at least 1
 * @param height rows, at least 1
 * @param width columns, at least 1
 */
public record ImageShape(int channels, int height, int width) {
  /**
   * Bytes of one picture.
   *
   * @return {@code channels * height * width}
   */
  public int bytes() {
    return channels * height * width;
  }
}
