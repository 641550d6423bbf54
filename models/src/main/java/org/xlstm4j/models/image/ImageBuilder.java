package org.xlstm4j.models.image;

/** A picture that is being decoded: pixels are put where they are seen when it is turned. */
final class ImageBuilder {
  private final int channels;
  private final int height;
  private final int width;
  private final byte[] data;

  /** Index in pixels of the stored picture's first pixel, and the ways to its neighbors. */
  private final int origin;

  private final int rowStep;
  private final int columnStep;

  /**
   * An empty picture.
   *
   * @param width columns of the stored picture, checked by {@link ImageLimits}
   * @param height its rows
   * @param channels 1 for gray, 3 for RGB
   * @param orientation how it is to be turned
   */
  ImageBuilder(int width, int height, int channels, Orientation orientation) {
    boolean lying = orientation.quarterTurns() % 2 == 1;
    this.channels = channels;
    this.height = lying ? width : height;
    this.width = lying ? height : width;
    data = new byte[Math.multiplyExact(Math.multiplyExact(width, height), channels)];
    origin = orientation.target(0, 0, width, height);
    columnStep = orientation.target(1, 0, width, height) - origin;
    rowStep = orientation.target(0, 1, width, height) - origin;
  }

  /** Paints everything, as long as nothing is put. */
  void fill(byte[] pixel) {
    System.arraycopy(pixel, 0, data, 0, channels);
    for (long filled = channels; filled < data.length; filled *= 2) {
      int at = (int) filled;
      System.arraycopy(data, 0, data, at, Math.min(at, data.length - at));
    }
  }

  /** Puts a whole row of the stored picture. */
  void putRow(int row, byte[] pixels, int count) {
    put(row, 0, 1, pixels, count);
  }

  /**
   * Puts pixels of a row.
   *
   * @param row of the stored picture
   * @param column of the first pixel
   * @param step from column to column
   * @param pixels {@code [count][channels]}
   * @param count of the pixels
   */
  void put(int row, int column, int step, byte[] pixels, int count) {
    int to = (origin + row * rowStep + column * columnStep) * channels;
    int by = step * columnStep * channels;
    if (by == channels) {
      System.arraycopy(pixels, 0, data, to, count * channels);
    } else if (channels == 1) {
      for (int i = 0; i < count; i++, to += by) {
        data[to] = pixels[i];
      }
    } else {
      for (int from = 0; from < 3 * count; from += 3, to += by) {
        data[to] = pixels[from];
        data[to + 1] = pixels[from + 1];
        data[to + 2] = pixels[from + 2];
      }
    }
  }

  /** The picture, when all is put. */
  Image image() {
    return new Image(data, height, width, channels);
  }
}
