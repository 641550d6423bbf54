package org.xlstm4j.models.image;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a JPEG frame's header says.
 *
 * @param progressive whether the coefficients come in several scans, bit by bit
 * @param width in pixels
 * @param height in pixels
 * @param components the color components
 * @param mostAcross the largest number of a component's blocks side by side in a unit
 * @param mostDown the largest number of a component's blocks above each other in a unit
 */
record JpegFrame(
    boolean progressive,
    int width,
    int height,
    List<JpegComponent> components,
    int mostAcross,
    int mostDown) {
  private static final int BLOCK = 8;

  /** Reads the body of a frame's segment. */
  static JpegFrame read(ByteBuffer body, boolean progressive, ImageLimits limits)
      throws UnreadableImageException {
    int bits = body.get() & 0xFF;
    if (bits != 8) {
      throw new UnreadableImageException("frame", "samples of 8 bits", bits + " bits");
    }
    int height = body.getShort() & 0xFFFF;
    int width = body.getShort() & 0xFFFF;
    int count = body.get() & 0xFF;
    if (count != 1 && count != 3 && count != 4) {
      throw new UnreadableImageException("frame", "1, 3 or 4 color components", count + "");
    }
    limits.checkSize(width, height, count == 1 ? 1 : 3);
    int[][] said = new int[count][];
    int mostAcross = 1;
    int mostDown = 1;
    for (int i = 0; i < count; i++) {
      int id = body.get() & 0xFF;
      int sampling = body.get() & 0xFF;
      int table = body.get() & 0xFF;
      // the blocks of a single component follow each other row by row, whatever its sampling
      int across = count == 1 ? 1 : sampling >> 4;
      int down = count == 1 ? 1 : sampling & 15;
      if (across < 1 || across > 4 || down < 1 || down > 4) {
        throw new UnreadableImageException("frame", "sampling of 1 to 4", across + " x " + down);
      }
      said[i] = new int[] {id, across, down, table};
      mostAcross = Math.max(mostAcross, across);
      mostDown = Math.max(mostDown, down);
    }
    List<JpegComponent> components = new ArrayList<>();
    for (int[] one : said) {
      if (mostAcross % one[1] != 0 || mostDown % one[2] != 0) {
        throw new UnreadableImageException(
            "frame",
            "sampling that divides " + mostAcross + " x " + mostDown,
            one[1] + " x " + one[2]);
      }
      components.add(
          new JpegComponent(
              one[0],
              one[3],
              one[1],
              one[2],
              new Size(samples(height, one[2], mostDown), samples(width, one[1], mostAcross)),
              new Size(units(height, mostDown), units(width, mostAcross))));
    }
    return new JpegFrame(progressive, width, height, List.copyOf(components), mostAcross, mostDown);
  }

  private static int samples(int pixels, int sampling, int most) {
    return Math.ceilDiv(pixels * sampling, most);
  }

  private static int units(int pixels, int most) {
    return Math.ceilDiv(pixels, BLOCK * most);
  }

  /** Rows of units: of what holds the fewest whole blocks of every component. */
  int unitRows() {
    return units(height, mostDown);
  }

  /** Units in a row. */
  int unitColumns() {
    return units(width, mostAcross);
  }

  /** Number of coefficients of the whole picture. */
  long coefficients() {
    long sum = 0;
    for (JpegComponent component : components) {
      sum += component.allCoefficients();
    }
    return sum;
  }
}
