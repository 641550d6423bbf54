package org.xlstm4j.models.image;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A color component of a JPEG picture, and the coefficients that are read for it. */
final class JpegComponent {
  private static final int BLOCK_SIZE = 64;
  private static final int NEVER = -1;

  private final int id;
  private final int table;
  private final int across;
  private final int down;
  private final Size samples;
  private final Size stored;
  private short[] coefficients = new short[0];
  private int rowsKept;
  private int @Nullable [] quantization;

  /** For each coefficient, how many of its lower bits are missing. */
  private final int[] missingBits = new int[BLOCK_SIZE];

  /**
   * A component.
   *
   * @param id its number in the headers of scans
   * @param table number of its quantization table
   * @param across its blocks side by side in a unit
   * @param down its blocks above each other in a unit
   * @param samples its size
   * @param units of the whole picture
   */
  JpegComponent(int id, int table, int across, int down, Size samples, Size units) {
    this.id = id;
    this.table = table;
    this.across = across;
    this.down = down;
    this.samples = samples;
    stored = new Size(units.height() * down, units.width() * across);
    Arrays.fill(missingBits, NEVER);
  }

  int id() {
    return id;
  }

  int table() {
    return table;
  }

  int across() {
    return across;
  }

  int down() {
    return down;
  }

  /** Size in samples. */
  Size samples() {
    return samples;
  }

  /** Size in blocks that hold samples of the picture. */
  Size blocks() {
    return new Size(Math.ceilDiv(samples.height(), 8), Math.ceilDiv(samples.width(), 8));
  }

  /** Size in blocks that fill whole units. */
  Size storedBlocks() {
    return stored;
  }

  /** Coefficients of all blocks. */
  long allCoefficients() {
    return (long) BLOCK_SIZE * stored.height() * stored.width();
  }

  /** Makes room for the coefficients of the whole component, or of one row of units. */
  void allocate(boolean whole) {
    rowsKept = whole ? stored.height() : down;
    coefficients = new short[Math.toIntExact((long) BLOCK_SIZE * rowsKept * stored.width())];
  }

  /** All coefficients that are kept, block by block, each row by row. */
  short[] coefficients() {
    return coefficients;
  }

  /** Where a block starts in {@link #coefficients}. */
  int block(int row, int column) {
    return (row % rowsKept * stored.width() + column) * BLOCK_SIZE;
  }

  /** Keeps the quantization table that is valid when the component's first scan begins. */
  void quantizeBy(int[] values) {
    if (quantization == null) {
      quantization = values;
    }
  }

  /** What coefficients are multiplied by; ones if no scan has come. */
  int[] quantization() {
    return quantization == null ? new int[BLOCK_SIZE] : quantization;
  }

  /** Takes note of a scan of coefficients from one to another in the order of the file. */
  void scanned(int first, int last, int missing) {
    Arrays.fill(missingBits, first, last + 1, missing);
  }

  /** Whether the first coefficients are known to the last bit; without them others guess. */
  boolean isComplete() {
    for (int i = 0; i < 10; i++) {
      if (missingBits[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
