package org.xlstm4j.models.image;

/** Puts a JPEG picture together from its coefficients, row of units by row of units. */
final class JpegOutput {
  private static final int BLOCK = 8;

  private final JpegFrame frame;
  private final JpegColors colors;
  private final ImageBuilder image;
  private final JpegPlane[] planes;
  private final byte[][] lines;
  private final byte[] pixels;

  /**
   * The output of a picture.
   *
   * @param frame the picture's
   * @param colors what its components are
   * @param orientation how it is to be turned
   */
  JpegOutput(JpegFrame frame, JpegColors colors, Orientation orientation) {
    this.frame = frame;
    this.colors = colors;
    image = new ImageBuilder(frame.width(), frame.height(), colors.channels(), orientation);
    pixels = new byte[frame.width() * colors.channels()];
    InverseCosineTransform transform = new InverseCosineTransform();
    planes = new JpegPlane[frame.components().size()];
    lines = new byte[planes.length][];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = new JpegPlane(frame.components().get(i), frame, transform);
      lines[i] = new byte[planes[i].lineLength()];
    }
  }

  /**
   * Takes the coefficients of the next row of units. The row before it is put, which needs samples
   * from below.
   */
  void take(int unitRow) {
    for (JpegPlane plane : planes) {
      plane.fill(unitRow);
    }
    if (unitRow > 0) {
      put(unitRow - 1);
    }
  }

  /** The picture, when all rows are taken. */
  Image finish() {
    put(frame.unitRows() - 1);
    return image.image();
  }

  private void put(int unitRow) {
    int rows = BLOCK * frame.mostDown();
    int end = Math.min(frame.height(), (unitRow + 1) * rows);
    for (int y = unitRow * rows; y < end; y++) {
      for (int i = 0; i < planes.length; i++) {
        planes[i].spread(y, lines[i]);
      }
      colors.convert(lines, frame.width(), pixels);
      image.putRow(y, pixels, frame.width());
    }
  }
}
