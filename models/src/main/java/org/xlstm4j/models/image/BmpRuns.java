package org.xlstm4j.models.image;

import java.nio.ByteBuffer;

/** Decodes the runs of a BMP file. What they leave out has the first color. */
final class BmpRuns {
  private static final int END_OF_ROW = 0;
  private static final int END_OF_PICTURE = 1;
  private static final int JUMP = 2;

  private final ByteBuffer file;
  private final int start;
  private final boolean halfBytes;
  private final int width;
  private final int height;
  private final byte[] colors;
  private final byte[] pixels;
  private int row;
  private int column;

  /**
   * Runs of a picture.
   *
   * @param file at the first run
   * @param halfBytes whether an index has 4 bits instead of 8
   * @param width of the picture
   * @param height of the picture
   * @param colors three bytes an index
   */
  BmpRuns(ByteBuffer file, boolean halfBytes, int width, int height, byte[] colors) {
    this.file = file;
    start = file.position();
    this.halfBytes = halfBytes;
    this.width = width;
    this.height = height;
    this.colors = colors;
    pixels = new byte[Math.multiplyExact(3, width)];
    clear();
  }

  /** Puts all rows. */
  void decode(ImageBuilder image) throws UnreadableImageException {
    while (row < height) {
      int count = unsignedByte();
      int second = unsignedByte();
      if (count > 0) {
        for (int i = 0; i < count; i++) {
          put(halfBytes ? second >> (i % 2 == 0 ? 4 : 0) & 15 : second);
        }
      } else {
        switch (second) {
          case END_OF_ROW -> nextRow(image);
          case END_OF_PICTURE -> {
            while (row < height) {
              nextRow(image);
            }
          }
          case JUMP -> {
            int right = column + unsignedByte();
            for (int up = unsignedByte(); up > 0 && row < height; up--) {
              nextRow(image);
            }
            column = Math.min(right, width);
          }
          default -> indices(second);
        }
      }
      // the last row needs no end
      if (row == height - 1 && column == width) {
        nextRow(image);
      }
    }
  }

  private int unsignedByte() {
    return file.get() & 0xFF;
  }

  private void indices(int count) throws UnreadableImageException {
    if (column + count > width) {
      throw new UnreadableImageException(
          "pixels", "rows of " + width + " pixels", "one of " + (column + count));
    }
    int pair = 0;
    for (int i = 0; i < count; i++) {
      if (!halfBytes) {
        put(unsignedByte());
      } else if (i % 2 == 0) {
        pair = unsignedByte();
        put(pair >> 4);
      } else {
        put(pair & 15);
      }
    }
    if ((file.position() - start) % 2 != 0) {
      file.get();
    }
  }

  /** Puts a pixel, or nothing behind the end of the row. */
  private void put(int index) {
    if (column < width) {
      System.arraycopy(colors, 3 * index, pixels, 3 * column, 3);
      column++;
    }
  }

  private void nextRow(ImageBuilder image) {
    image.putRow(row++, pixels, width);
    column = 0;
    clear();
  }

  private void clear() {
    for (int i = 0; i < width; i++) {
      System.arraycopy(colors, 0, pixels, 3 * i, 3);
    }
  }
}
