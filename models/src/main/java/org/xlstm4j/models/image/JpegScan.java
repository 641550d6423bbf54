package org.xlstm4j.models.image;

import java.util.List;

/**
 * A scan of a JPEG file: walks over the blocks of its components, unit by unit if there are several
 * components, and across restarts.
 */
final class JpegScan {
  private final JpegFrame frame;
  private final List<JpegBlocks> components;
  private final JpegBits bits;
  private final int restartInterval;
  private int untilRestart;
  private int restarts;

  /**
   * A scan.
   *
   * @param frame the picture's
   * @param components how each component's blocks are read, in the order of the scan
   * @param bits its bits
   * @param restartInterval units between restarts; 0 if there are none
   */
  JpegScan(JpegFrame frame, List<JpegBlocks> components, JpegBits bits, int restartInterval) {
    this.frame = frame;
    this.components = components;
    this.bits = bits;
    this.restartInterval = restartInterval;
    untilRestart = restartInterval;
  }

  /** Rows of units, or of blocks if there is a single component. */
  int rows() {
    return isSingle() ? components.getFirst().component().blocks().height() : frame.unitRows();
  }

  /** Number of blocks. */
  long blocks() {
    if (isSingle()) {
      Size size = components.getFirst().component().blocks();
      return (long) size.height() * size.width();
    }
    long sum = 0;
    for (JpegBlocks blocks : components) {
      Size size = blocks.component().storedBlocks();
      sum += (long) size.height() * size.width();
    }
    return sum;
  }

  private boolean isSingle() {
    return components.size() == 1;
  }

  /** Reads a row of units. */
  void readRow(int row) throws UnreadableImageException {
    if (isSingle()) {
      JpegBlocks single = components.getFirst();
      int columns = single.component().blocks().width();
      for (int column = 0; column < columns; column++) {
        restartIfDue();
        single.read(row, column);
      }
      return;
    }
    int columns = frame.unitColumns();
    for (int column = 0; column < columns; column++) {
      restartIfDue();
      for (JpegBlocks blocks : components) {
        int down = blocks.component().down();
        int across = blocks.component().across();
        for (int y = 0; y < down; y++) {
          for (int x = 0; x < across; x++) {
            blocks.read(row * down + y, column * across + x);
          }
        }
      }
    }
  }

  private void restartIfDue() throws UnreadableImageException {
    if (restartInterval == 0) {
      return;
    }
    if (untilRestart == 0) {
      bits.restart(restarts++ & 7);
      components.forEach(JpegBlocks::restart);
      untilRestart = restartInterval;
    }
    untilRestart--;
  }
}
