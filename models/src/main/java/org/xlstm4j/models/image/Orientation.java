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

  /** Turns an image. */
  Image apply(Image image) {
    if (!mirrored && quarterTurns == 0) {
      return image;
    }
    boolean lying = quarterTurns % 2 == 1;
    int height = lying ? image.width() : image.height();
    int width = lying ? image.height() : image.width();
    int channels = image.channels();
    byte[] turned = new byte[image.data().length];
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int from = source(image, row, column) * channels;
        System.arraycopy(image.data(), from, turned, (row * width + column) * channels, channels);
      }
    }
    return new Image(turned, height, width, channels);
  }

  /** Index of the pixel that comes to a place of the turned image. */
  private int source(Image image, int row, int column) {
    int bottom = image.height() - 1;
    int right = image.width() - 1;
    int sourceRow =
        switch (quarterTurns) {
          case 1 -> bottom - column;
          case 2 -> bottom - row;
          case 3 -> column;
          default -> row;
        };
    int sourceColumn =
        switch (quarterTurns) {
          case 1 -> row;
          case 2 -> right - column;
          case 3 -> right - row;
          default -> column;
        };
    return sourceRow * image.width() + (mirrored ? right - sourceColumn : sourceColumn);
  }
}
