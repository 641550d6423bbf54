package org.xlstm4j.engine.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.xlstm4j.engine.kernels.GridKernels;
import org.xlstm4j.engine.kernels.HalfKernels;
import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.kernels.UnpackKernels;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;

/**
 * Computes a few numbers by new kernels for many tokens and by the scalar ones, and compares.
 * Values are small integers, so that no sum is rounded and all bits have to be equal.
 */
final class ManyTokensCheck {
  /** A turn of the kernel and a part of one: scalar kernels are slow in a cold JVM. */
  private static final int DEPTH = 7;

  private ManyTokensCheck() {}

  static boolean tilesAreRight(TileKernels kernels) {
    TileKernels scalar = ScalarKernels.tiles();
    int stride = TileKernels.COLUMNS + 3;
    int aStride = DEPTH * TileKernels.ROWS;
    float[] a = ramp(2 * aStride);
    float[] b = ramp(DEPTH * TileKernels.COLUMNS);
    float[] wanted = ramp(2 * TileKernels.ROWS * stride + 1);
    float[] found = wanted.clone();
    int start = 2 * TileKernels.COLUMNS;
    scalar.tiles(a, 0, aStride, 2, b, 0, 2, b, start, 0, wanted, 1, stride);
    kernels.tiles(a, 0, aStride, 2, b, 0, 2, b, start, 0, found, 1, stride);
    int columns = 11;
    scalar.pack(a, 84, -12, columns, wanted, 1, TileKernels.ROWS);
    kernels.pack(a, 84, -12, columns, found, 1, TileKernels.ROWS);
    scalar.addTiles(a, 0, aStride, 2, b, 0, DEPTH, wanted, 1, stride);
    kernels.addTiles(a, 0, aStride, 2, b, 0, DEPTH, found, 1, stride);
    MemorySegment rows = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, a);
    scalar.addRows(rows, 0, 2, b, 0, DEPTH, wanted, 0);
    kernels.addRows(rows, 0, 2, b, 0, DEPTH, found, 0);
    int packed = 5;
    float[] wantedPanel = new float[packed * TileKernels.COLUMNS];
    float[] foundPanel = new float[packed * TileKernels.COLUMNS];
    scalar.packPanel(rows, 0, 3 * Float.BYTES, packed, wantedPanel);
    kernels.packPanel(rows, 0, 3 * Float.BYTES, packed, foundPanel);
    return same(wanted, found) && same(wantedPanel, foundPanel);
  }

  static boolean unpackingIsRight(UnpackKernels kernels) {
    UnpackKernels scalar = ScalarKernels.unpacking();
    int blocks = 1;
    int floats = blocks * PanelKernels.ROWS * PanelKernels.COLUMNS + 1;
    MemorySegment weights = ramp16(blocks * PanelKernels.Q8_BLOCK / Short.BYTES);
    float[] wanted = new float[floats];
    float[] found = new float[floats];
    scalar.q8(weights, 0, blocks, wanted);
    kernels.q8(weights, 0, blocks, found);
    boolean right = same(wanted, found);
    scalar.q4(weights, 0, blocks, wanted);
    kernels.q4(weights, 0, blocks, found);
    return right && same(wanted, found);
  }

  static boolean halvesAreRight(HalfKernels kernels) {
    HalfKernels scalar = ScalarKernels.halves();
    int length = 83;
    MemorySegment weights = ramp16(length);
    float[] wanted = new float[length + 1];
    float[] found = new float[length + 1];
    scalar.widenBf16(weights, 0, length, wanted, 0);
    kernels.widenBf16(weights, 0, length, found, 0);
    boolean right = same(wanted, found);
    scalar.widenF16(weights, 0, length, wanted, 0);
    kernels.widenF16(weights, 0, length, found, 0);
    return right && same(wanted, found);
  }

  static boolean gridsAreRight(GridKernels kernels) {
    GridKernels scalar = ScalarKernels.grids();
    int channels = 37;
    int length = 4;
    float[] x = ramp(length * channels);
    float[] w = ramp(GridKernels.TAPS * channels);
    float[] wanted = ramp(length * (channels + 1));
    float[] found = wanted.clone();
    scalar.addRow(x, 0, channels, length, channels, w, 0, wanted, 0, channels + 1);
    kernels.addRow(x, 0, channels, length, channels, w, 0, found, 0, channels + 1);
    return same(wanted, found);
  }

  private static boolean same(float[] wanted, float[] found) {
    return Arrays.equals(wanted, found);
  }

  /** Numbers of 16 bits of all magnitudes. */
  private static MemorySegment ramp16(int length) {
    MemorySegment values = Arena.ofAuto().allocate((long) length * Short.BYTES, Short.BYTES);
    for (int i = 0; i < length; i++) {
      values.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (i * 25173 + 13849));
    }
    return values;
  }

  private static float[] ramp(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = i * 29 % 31 - 15;
    }
    return values;
  }
}
