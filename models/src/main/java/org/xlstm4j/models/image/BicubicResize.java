package org.xlstm4j.models.image;

/**
 * Pillow's bicubic resize of an 8-bit image, bit for bit, of which only a window of the target is
 * computed: along the rows first, rounded to 8 bits, then along the columns. An axis that keeps its
 * size is left alone. Memory is kept from image to image.
 *
 * <p>Not thread-safe.
 */
final class BicubicResize {
  private static final int FRACTION_BITS = ResampleWeights.FRACTION_BITS;
  private static final int HALF = 1 << (FRACTION_BITS - 1);

  private final ResampleWeights horizontal = new ResampleWeights();
  private final ResampleWeights vertical = new ResampleWeights();
  private byte[] narrowed = new byte[0];

  /**
   * A part of the target.
   *
   * @param top its first row
   * @param left its first column
   * @param height its rows, at least 1
   * @param width its columns, at least 1
   */
  record Window(int top, int left, int height, int width) {}

  /**
   * Resizes.
   *
   * @param source {@code [height][width][channels]}
   * @param size of the source
   * @param channels values a pixel
   * @param newSize of the whole target
   * @param window the part of the target that is wanted
   * @param target receives the window, {@code [window.height][window.width][channels]}
   */
  void resize(byte[] source, Size size, int channels, Size newSize, Window window, byte[] target) {
    int height = size.height();
    int width = size.width();
    int newHeight = newSize.height();
    int newWidth = newSize.width();
    int firstRow = window.top();
    int rows = window.height();
    if (newHeight != height) {
      vertical.prepare(height, newHeight, window.top(), window.height());
      int last = window.height() - 1;
      firstRow = vertical.start(0);
      rows = vertical.start(last) + vertical.length(last) - firstRow;
    }
    if (newHeight == height) {
      narrow(source, width, channels, newWidth, window, firstRow, rows, target);
      return;
    }
    int needed = Math.multiplyExact(rows, window.width() * channels);
    if (narrowed.length < needed) {
      narrowed = new byte[needed];
    }
    narrow(source, width, channels, newWidth, window, firstRow, rows, narrowed);
    flatten(window.width() * channels, firstRow, window.height(), target);
  }

  /** The pass along the rows, of some rows of the source. */
  private void narrow(
      byte[] source,
      int width,
      int channels,
      int newWidth,
      Window window,
      int firstRow,
      int rows,
      byte[] target) {
    int stride = window.width() * channels;
    if (newWidth == width) {
      for (int row = 0; row < rows; row++) {
        int from = ((firstRow + row) * width + window.left()) * channels;
        System.arraycopy(source, from, target, row * stride, stride);
      }
      return;
    }
    horizontal.prepare(width, newWidth, window.left(), window.width());
    int[] weights = horizontal.weights();
    for (int row = 0; row < rows; row++) {
      int line = (firstRow + row) * width;
      for (int column = 0; column < window.width(); column++) {
        int at = horizontal.at(column);
        int length = horizontal.length(column);
        int from = (line + horizontal.start(column)) * channels;
        for (int channel = 0; channel < channels; channel++) {
          int sum = HALF;
          for (int tap = 0; tap < length; tap++) {
            sum += weights[at + tap] * (source[from + tap * channels + channel] & 0xFF);
          }
          target[row * stride + column * channels + channel] = clamp(sum);
        }
      }
    }
  }

  /** The pass along the columns, over what the first pass left. */
  private void flatten(int stride, int firstRow, int rows, byte[] target) {
    int[] weights = vertical.weights();
    for (int row = 0; row < rows; row++) {
      int at = vertical.at(row);
      int length = vertical.length(row);
      int from = (vertical.start(row) - firstRow) * stride;
      for (int i = 0; i < stride; i++) {
        int sum = HALF;
        for (int tap = 0; tap < length; tap++) {
          sum += weights[at + tap] * (narrowed[from + tap * stride + i] & 0xFF);
        }
        target[row * stride + i] = clamp(sum);
      }
    }
  }

  private static byte clamp(int sum) {
    return (byte) Math.clamp(sum >> FRACTION_BITS, 0, 255);
  }
}
