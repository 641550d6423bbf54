package org.xlstm4j.engine.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xlstm4j.engine.machine.code.CacheLine;

/**
 * Multiplies something tiny by new kernels of {@link SplitTiles} and compares with what loops of
 * Java come to. The floats have all 24 bits, so that no part of them can be left out unnoticed.
 */
final class SplitTilesCheck {
  private static final int COLUMNS = 2 * SplitTiles.COLUMNS;
  private static final int PANELS = 2;
  private static final int ROWS = PANELS * SplitTiles.ROWS;

  /** Not all of a unit, and no multiple of four. */
  private static final int TOKENS = SplitTiles.TOKENS - 3;

  /** Larger than any rounding of these sums, less than the smallest part of a product. */
  private static final double ROUNDING = 5e-6;

  private final SplitTiles kernels;
  private final float[] x = fractions(TOKENS);
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment tokens = memory(2 * SplitTiles.tileBytes(COLUMNS));
  private final MemorySegment sums = memory((long) PANELS * SplitTiles.SUM_BYTES);

  private SplitTilesCheck(SplitTiles kernels) {
    this.kernels = kernels;
  }

  static boolean isRight(SplitTiles kernels) {
    SplitTilesCheck check = new SplitTilesCheck(kernels);
    check.splitTokens();
    return check.splitWeightsAreRight() && check.storedWeightsAreRight();
  }

  private void splitTokens() {
    long bytes = SplitTiles.tileBytes(COLUMNS);
    MemorySegment scratch = memory(bytes);
    for (int tile = 0; tile < 2; tile++) {
      int first = tile * SplitTiles.TILE;
      int count = Math.min(SplitTiles.TILE, TOKENS - first);
      kernels.splitTokens(
          x, first * COLUMNS, COLUMNS, count, COLUMNS, scratch, tokens, tile * bytes);
    }
  }

  private boolean splitWeightsAreRight() {
    float[] w = fractions(ROWS);
    MemorySegment floats = arena.allocateFrom(ValueLayout.JAVA_FLOAT, w);
    long tileBytes = SplitTiles.tileBytes(COLUMNS);
    long rowBytes = (long) Float.BYTES * COLUMNS;
    int tiles = ROWS / SplitTiles.TILE;
    MemorySegment weights = memory(tiles * tileBytes);
    for (int tile = 0; tile < tiles; tile++) {
      long from = (long) tile * SplitTiles.TILE * rowBytes;
      kernels.splitRows(
          floats, from, rowBytes, SplitTiles.TILE, COLUMNS, weights, tile * tileBytes);
    }
    kernels.multiplySplit(weights, COLUMNS, PANELS, tokens, 0, sums);
    return areProducts(w);
  }

  private boolean storedWeightsAreRight() {
    float[] w = fractions(ROWS);
    MemorySegment weights = memory((long) Short.BYTES * w.length);
    for (int i = 0; i < w.length; i++) {
      short upper = (short) (Float.floatToRawIntBits(w[i]) >> Short.SIZE);
      weights.setAtIndex(ValueLayout.JAVA_SHORT, i, upper);
      w[i] = Float.intBitsToFloat(upper << Short.SIZE);
    }
    kernels.multiplyRows(weights, 0, COLUMNS, PANELS, tokens, 0, sums);
    return areProducts(w);
  }

  private boolean areProducts(float[] w) {
    float[] y = new float[TOKENS * ROWS];
    for (int panel = 0; panel < PANELS; panel++) {
      int to = panel * SplitTiles.ROWS;
      kernels.copySums(sums, panel, SplitTiles.ROWS, TOKENS, y, to, ROWS);
    }
    for (int i = 0; i < y.length; i++) {
      int row = i % ROWS * COLUMNS;
      int token = i / ROWS * COLUMNS;
      double sum = 0;
      for (int column = 0; column < COLUMNS; column++) {
        sum += (double) w[row + column] * x[token + column];
      }
      if (!(Math.abs(y[i] - sum) <= ROUNDING)) {
        return false;
      }
    }
    return true;
  }

  private MemorySegment memory(long bytes) {
    return arena.allocate(bytes, CacheLine.BYTES);
  }

  /** Numbers from -1 to 1. */
  private static float[] fractions(int rows) {
    float[] values = new float[rows * COLUMNS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 1103515245 + 12345) * 0x1p-31f;
    }
    return values;
  }
}
