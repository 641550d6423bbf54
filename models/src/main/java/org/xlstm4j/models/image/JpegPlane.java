package org.xlstm4j.models.image;

/**
 * The samples of a component around the rows that are being put together, and how they are spread
 * over the pixels: where one sample stands for two pixels of an axis, between it and its neighbors
 * in proportion 3 to 1; else repeated.
 */
final class JpegPlane {
  private static final int BLOCK = 8;

  private final JpegComponent component;
  private final InverseCosineTransform transform;
  private final int[] quantization;
  private final int acrossPixels;
  private final int downPixels;
  private final boolean smooth;
  private final int width;
  private final int height;
  private final int stride;
  private final int rowsKept;

  /** Three rows of units, a ring of rows. */
  private final byte[] samples;

  private final int[] sums;

  /**
   * A plane.
   *
   * @param component whose samples
   * @param frame of the picture
   * @param transform makes them
   */
  JpegPlane(JpegComponent component, JpegFrame frame, InverseCosineTransform transform) {
    this.component = component;
    this.transform = transform;
    quantization = component.quantization();
    acrossPixels = frame.mostAcross() / component.across();
    downPixels = frame.mostDown() / component.down();
    width = component.samples().width();
    height = component.samples().height();
    boolean fineDown = downPixels == 1 || downPixels == 2;
    smooth = (acrossPixels == 2 && fineDown && width > 2) || (acrossPixels == 1 && downPixels == 2);
    stride = component.storedBlocks().width() * BLOCK;
    rowsKept = 3 * BLOCK * component.down();
    samples = new byte[rowsKept * stride];
    sums = new int[width];
  }

  /** Pixels of a row of {@link #spread}, at least the picture's width. */
  int lineLength() {
    return width * acrossPixels;
  }

  /** Makes the samples of a row of units. */
  void fill(int unitRow) {
    int columns = component.storedBlocks().width();
    int down = component.down();
    for (int row = unitRow * down; row < (unitRow + 1) * down; row++) {
      int to = place(row * BLOCK);
      for (int column = 0; column < columns; column++) {
        transform.transform(
            component.coefficients(),
            component.block(row, column),
            quantization,
            samples,
            to + column * BLOCK,
            stride);
      }
    }
  }

  private int place(int row) {
    return row % rowsKept * stride;
  }

  /**
   * Writes a row of pixels.
   *
   * @param y the row in the picture; the samples above and below must be there
   * @param line receives {@link #lineLength} values
   */
  void spread(int y, byte[] line) {
    int row = y / downPixels;
    int at = place(row);
    if (!smooth) {
      repeat(at, line);
      return;
    }
    int neighbor = downPixels == 1 ? row : y % 2 == 0 ? row - 1 : row + 1;
    int other = place(Math.clamp(neighbor, 0, height - 1));
    if (acrossPixels == 1) {
      int bias = 1 + y % 2;
      for (int i = 0; i < width; i++) {
        line[i] = (byte) ((3 * (samples[at + i] & 0xFF) + (samples[other + i] & 0xFF) + bias) >> 2);
      }
    } else if (downPixels == 1) {
      for (int i = 0; i < width; i++) {
        sums[i] = samples[at + i] & 0xFF;
      }
      spread(line, 1, 2, 2);
    } else {
      for (int i = 0; i < width; i++) {
        sums[i] = 3 * (samples[at + i] & 0xFF) + (samples[other + i] & 0xFF);
      }
      spread(line, 8, 7, 4);
    }
  }

  /** Two pixels a sum; pixels to the left and to the right are rounded in different ways. */
  private void spread(byte[] line, int leftBias, int rightBias, int shift) {
    int last = width - 1;
    int previous = sums[0];
    for (int i = 0; i <= last; i++) {
      int sum = sums[i];
      int next = i < last ? sums[i + 1] : sum;
      line[2 * i] = (byte) ((3 * sum + previous + leftBias) >> shift);
      line[2 * i + 1] = (byte) ((3 * sum + next + rightBias) >> shift);
      previous = sum;
    }
  }

  private void repeat(int at, byte[] line) {
    if (acrossPixels == 1) {
      System.arraycopy(samples, at, line, 0, width);
      return;
    }
    int to = 0;
    for (int i = 0; i < width; i++) {
      for (int repeated = 0; repeated < acrossPixels; repeated++) {
        line[to++] = samples[at + i];
      }
    }
  }
}
