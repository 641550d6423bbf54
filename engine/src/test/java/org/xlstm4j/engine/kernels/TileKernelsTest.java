package org.xlstm4j.engine.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TileKernelsTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 17, 64, 255})
  void tilesAgreeWithDoubleSums(int depth) {
    check(new ScalarTileKernels(), depth);
    check(new VectorTileKernels(), depth);
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

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 64})
  void tilesStartWhereTheyAreTold(int depth) {
    for (TileKernels kernels : List.of(new ScalarTileKernels(), new VectorTileKernels())) {
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

  private static float[] random(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return values;
  }

  @Test
  void packingTurnsRowsIntoColumns() {
    checkPacking(new ScalarTileKernels());
    checkPacking(new VectorTileKernels());
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
}
