package org.xlstm4j.models.image;

/**
 * How the stored pixels are turned to be seen as they were taken: mirrored left to right first,
 * then turned clockwise.
 *
 * @param mirrored whether the image is mirrored
 * @param quarterTurns how many quarter turns clockwise, 0 to 3
 */
record Orientation(boolean mirrored, int quarterTurns) {

  /**
   * The meaning of EXIF's numbers.
   *
   * @param tag 1 to 8; any other stands for 1
   */
  static Orientation of(int tag) {
    return switch (tag) {
      case 2 -> new Orientation(true, 0);
      case 3 -> new Orientation(false, 2);
      case 4 -> new Orientation(true, 2);
      case 5 -> new Orientation(true, 3);
      case 6 -> new Orientation(false, 1);
      case 7 -> new Orientation(true, 1);
      case 8 -> new Orientation(false, 3);
      default -> new Orientation(false, 0);
    };
  }

  /**
   * Where a pixel comes to; the formula also holds for places outside of the image.
   *
   * @param column of the stored image
   * @param row of the stored image
   * @param width of the stored image
   * @param height of the stored image
   * @return index of the pixel in the turned image
   */
  int target(int column, int row, int width, int height) {
    int x = mirrored ? width - 1 - column : column;
    return switch (quarterTurns) {
      case 1 -> x * height + height - 1 - row;
      case 2 -> (height - 1 - row) * width + width - 1 - x;
      case 3 -> (width - 1 - x) * height + row;
      default -> row * width + x;
    };
  }
}
