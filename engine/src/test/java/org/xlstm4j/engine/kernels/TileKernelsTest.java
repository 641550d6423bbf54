package org.xlstm4j.engine.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;
import org.xlstm4j.engine.kernels.vector.VectorKernels;
import org.xlstm4j.engine.machine.MachineKernels;

class TileKernelsTest {
  private static final List<TileKernels> ALL = all();

  private static List<TileKernels> all() {
    List<TileKernels> all = new ArrayList<>(List.of(ScalarKernels.tiles(), VectorKernels.tiles()));
    all.addAll(MachineKernels.tiles());
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 17, 64, 255})
  void tilesAgreeWithDoubleSums(int depth) {
    ALL.forEach(kernels -> check(kernels, depth));
  }

  private static void check(TileKernels kernels, int depth) {
    Random random = new Random(depth);
    int stride = 41;
    float[] a = random(random, 3 + depth * TileKernels.ROWS);
    float[] b = random(random, 5 + depth * TileKernels.COLUMNS);
    float[] out = random(random, 7 + TileKernels.ROWS * stride);
    float[] before = out.clone();
    kernels.addTile(a, 3, b, 5, depth, out, 7, stride);
    for (int at = 0; at < out.length; at++) {
      int i = Math.floorDiv(at - 7, stride);
      int j = Math.floorMod(at - 7, stride);
      if (i < 0 || i >= TileKernels.ROWS || j >= TileKernels.COLUMNS) {
        assertEquals(before[at], out[at], "outside of the tile");
        continue;
      }
      double sum = before[at];
      for (int d = 0; d < depth; d++) {
        sum += (double) a[3 + d * TileKernels.ROWS + i] * b[5 + d * TileKernels.COLUMNS + j];
      }
      assertEquals(sum, out[at], 1e-6 * (depth + 1));
    }
  }

  /** As many rows as take several calls of machine code. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 6, 259})
  void rowsNeedNotBePacked(int depth) {
    int columns = TileKernels.COLUMNS;
    int count = 65;
    Random random = new Random(depth);
    float[] rows = random(random, 2 + count * TileKernels.ROWS * depth);
    float[] b = random(random, 5 + depth * columns);
    float[] before = random(random, count * TileKernels.ROWS * columns);
    MemorySegment a = MemorySegment.ofArray(rows);
    for (TileKernels kernels : ALL) {
      float[] out = before.clone();
      kernels.addRows(a, 2 * Float.BYTES, count, b, 5, depth, out, 64);
      for (int at = 0; at < out.length; at++) {
        double sum = before[at];
        int row = at / columns;
        for (int d = 0; d < depth; d++) {
          float value = b[5 + d * columns + at % columns];
          sum += (double) rows[2 + row * depth + d] * value;
        }
        assertEquals(sum, out[at], 1e-6 * (depth + 1));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 64})
  void tilesStartWhereTheyAreTold(int depth) {
    for (TileKernels kernels : ALL) {
      Random random = new Random(depth);
      float[] a = random(random, depth * TileKernels.ROWS);
      float[] b = random(random, depth * TileKernels.COLUMNS);
      for (int startStride : new int[] {0, 37}) {
        float[] start = random(random, 2 + TileKernels.ROWS * 37);
        float[] expected = new float[TileKernels.ROWS * TileKernels.COLUMNS];
        for (int row = 0; row < TileKernels.ROWS; row++) {
          int from = 2 + row * startStride;
          int to = row * TileKernels.COLUMNS;
          System.arraycopy(start, from, expected, to, TileKernels.COLUMNS);
        }
        float[] actual = random(random, expected.length);
        kernels.addTile(a, 0, b, 0, depth, expected, 0, TileKernels.COLUMNS);
        kernels.tile(a, 0, b, 0, depth, start, 2, startStride, actual, 0, TileKernels.COLUMNS);
        assertArrayEquals(expected, actual);
      }
    }
  }

  /** Tiles one below the other, as many as take several calls of machine code. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 67})
  void manyTilesAreEachAsOne(int count) {
    int depth = 300;
    int aStride = depth * TileKernels.ROWS + 2;
    int stride = 35;
    Random random = new Random(count);
    float[] a = random(random, 3 + count * aStride);
    float[] b = random(random, 5 + depth * TileKernels.COLUMNS);
    float[] start = random(random, 1 + TileKernels.COLUMNS);
    float[] before = random(random, 7 + count * TileKernels.ROWS * stride);
    for (TileKernels kernels : ALL) {
      float[] expected = before.clone();
      for (int i = 0; i < count; i++) {
        int to = 7 + i * TileKernels.ROWS * stride;
        kernels.tile(a, 3 + i * aStride, b, 5, depth, start, 1, 0, expected, to, stride);
        kernels.addTile(a, 3 + i * aStride, b, 5, depth, expected, to, stride);
      }
      float[] actual = before.clone();
      kernels.tiles(a, 3, aStride, count, b, 5, depth, start, 1, 0, actual, 7, stride);
      kernels.addTiles(a, 3, aStride, count, b, 5, depth, actual, 7, stride);
      assertArrayEquals(expected, actual);
    }
  }

  /** A panel that ends with what its sums start at. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 257, 300, 17_000})
  void tilesStartAtTheRowBehindThePanel(int depth) {
    int count = 3;
    int aStride = depth * TileKernels.ROWS;
    int stride = 34;
    Random random = new Random(depth);
    float[] a = random(random, count * aStride);
    float[] panel = random(random, 5 + (depth + 1) * TileKernels.COLUMNS);
    int start = 5 + depth * TileKernels.COLUMNS;
    float[] copy = Arrays.copyOfRange(panel, start, start + TileKernels.COLUMNS);
    for (TileKernels kernels : ALL) {
      float[] expected = new float[count * TileKernels.ROWS * stride];
      float[] actual = new float[expected.length];
      kernels.tiles(a, 0, aStride, count, panel, 5, depth, copy, 0, 0, expected, 0, stride);
      kernels.tiles(a, 0, aStride, count, panel, 5, depth, panel, start, 0, actual, 0, stride);
      assertArrayEquals(expected, actual);
    }
  }

  /** Where depth is cut does not show: sums are by depth alone. */
  @Test
  void depthMayBeCut() {
    int depth = 17_000;
    Random random = new Random(1);
    float[] a = random(random, depth * TileKernels.ROWS);
    float[] b = random(random, depth * TileKernels.COLUMNS);
    for (TileKernels kernels : ALL) {
      float[] whole = new float[TileKernels.ROWS * TileKernels.COLUMNS];
      kernels.addTile(a, 0, b, 0, depth, whole, 0, TileKernels.COLUMNS);
      float[] cut = new float[whole.length];
      for (int first = 0; first < depth; first += 4004) {
        int some = Math.min(4004, depth - first);
        int aFrom = first * TileKernels.ROWS;
        int bFrom = first * TileKernels.COLUMNS;
        kernels.addTile(a, aFrom, b, bFrom, some, cut, 0, TileKernels.COLUMNS);
      }
      assertArrayEquals(whole, cut);
    }
  }

  private static float[] random(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return values;
  }

  @Test
  void packingTurnsRowsIntoColumns() {
    ALL.forEach(TileKernelsTest::checkPacking);
  }

  private static void checkPacking(TileKernels kernels) {
    float[] x = new float[1000];
    for (int i = 0; i < x.length; i++) {
      x[i] = i;
    }
    for (int columns : new int[] {1, 7, 8, 16, 17, 33, 96}) {
      for (int outStride : new int[] {8, 32, 40}) {
        for (int stride : new int[] {100, -100}) {
          int offset = stride < 0 ? 703 : 3;
          float[] expected = new float[columns * outStride + 50];
          for (int row = 0; row < TileKernels.ROWS; row++) {
            for (int column = 0; column < columns; column++) {
              expected[5 + column * outStride + row] = x[offset + row * stride + column];
            }
          }
          float[] actual = new float[expected.length];
          kernels.pack(x, offset, stride, columns, actual, 5, outStride);
          assertArrayEquals(expected, actual);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 21, 2051})
  void packsPanelsOfRowsAsTheyAreStored(int columns) {
    int stride = columns + 5;
    float[] rows = random(new Random(columns), 3 + TileKernels.COLUMNS * stride);
    float[] expected = new float[7 + columns * TileKernels.COLUMNS];
    for (int i = 0; i < columns * TileKernels.COLUMNS; i++) {
      expected[i] = rows[3 + i % TileKernels.COLUMNS * stride + i / TileKernels.COLUMNS];
    }
    MemorySegment x = MemorySegment.ofArray(rows);
    for (TileKernels kernels : ALL) {
      float[] actual = new float[expected.length];
      kernels.packPanel(x, 3 * Float.BYTES, (long) Float.BYTES * stride, columns, actual);
      assertArrayEquals(expected, actual);
    }
  }

  @Test
  void refusesRowsThatAreNotThere() {
    MemorySegment x = MemorySegment.ofArray(new float[32 * 16]);
    for (TileKernels kernels : ALL) {
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> kernels.packPanel(x, 4, 64, 16, new float[16 * 32]));
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> kernels.packPanel(x, 0, 64, 16, new float[16 * 32 - 1]));
    }
  }
}
