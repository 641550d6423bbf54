package org.xlstm4j.models.image;

/** The rows of a PNG picture, or of a pass over an interlaced one, whose filters are undone. */
final class PngRows {
  private final PngData data;

  /** Bytes from a sample to that of the pixel to the left, at least 1. */
  private final int pixelBytes;

  private final byte[] filter = new byte[1];
  private byte[] row;
  private byte[] above;

  /**
   * Rows from the top.
   *
   * @param data where they come from
   * @param rowBytes length of a row
   * @param pixelBytes whole bytes of a pixel, at least 1
   */
  PngRows(PngData data, int rowBytes, int pixelBytes) {
    this.data = data;
    this.pixelBytes = pixelBytes;
    row = new byte[rowBytes];
    above = new byte[rowBytes];
  }

  /** The next row, valid until the next call. */
  byte[] next() throws UnreadableImageException {
    byte[] spare = above;
    above = row;
    row = spare;
    data.read(filter);
    data.read(row);
    switch (filter[0]) {
      case 0 -> {}
      case 1 -> addLeft();
      case 2 -> addAbove();
      case 3 -> addAverage();
      case 4 -> addPredicted();
      default ->
          throw new UnreadableImageException(
              "pixels", "a filter from 0 to 4", "filter " + (filter[0] & 0xFF));
    }
    return row;
  }

  private void addLeft() {
    for (int i = pixelBytes; i < row.length; i++) {
      row[i] += row[i - pixelBytes];
    }
  }

  private void addAbove() {
    for (int i = 0; i < row.length; i++) {
      row[i] += above[i];
    }
  }

  private void addAverage() {
    for (int i = 0; i < row.length; i++) {
      int left = i < pixelBytes ? 0 : row[i - pixelBytes] & 0xFF;
      row[i] += (byte) ((left + (above[i] & 0xFF)) / 2);
    }
  }

  /** Paeth's predictor: of left, above and above left the one nearest to their plane. */
  private void addPredicted() {
    int start = Math.min(pixelBytes, row.length);
    for (int i = 0; i < start; i++) {
      row[i] += above[i];
    }
    for (int i = start; i < row.length; i++) {
      int left = row[i - pixelBytes] & 0xFF;
      int up = above[i] & 0xFF;
      int corner = above[i - pixelBytes] & 0xFF;
      int toLeft = Math.abs(up - corner);
      int toUp = Math.abs(left - corner);
      int toCorner = Math.abs(left + up - 2 * corner);
      boolean nearLeft = toLeft <= toUp && toLeft <= toCorner;
      row[i] += (byte) (nearLeft ? left : toUp <= toCorner ? up : corner);
    }
  }
}
