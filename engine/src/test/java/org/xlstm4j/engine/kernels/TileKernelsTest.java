package org.xlstm4j.engine.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TileKernelsTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 17, 64, 255})
  void tilesAgreeWithDoubleSums(int depth) {
    check(new ScalarTileKernels(), depth, false);
    check(new ScalarTileKernels(), depth, true);
    check(new VectorTileKernels(), depth, false);
    check(new VectorTileKernels(), depth, true);
  }

  private static void check(TileKernels kernels, int depth, boolean add) {
    Random random = new Random(depth);
    int aStride = 11;
    int bStride = 37;
    int outStride = 41;
    float[] a = random(random, 3 + (depth + 1) * aStride);
    float[] b = random(random, 5 + (depth + 1) * bStride);
    float[] out = random(random, 7 + TileKernels.ROWS * outStride);
    float[] before = out.clone();
    kernels.tile(a, 3, aStride, b, 5, bStride, depth, out, 7, outStride, add);
    for (int at = 0; at < out.length; at++) {
      int i = Math.floorDiv(at - 7, outStride);
      int j = Math.floorMod(at - 7, outStride);
      if (i < 0 || i >= TileKernels.ROWS || j >= TileKernels.COLUMNS) {
        assertEquals(before[at], out[at], "outside of the tile");
        continue;
      }
      double sum = add ? before[at] : 0;
      for (int d = 0; d < depth; d++) {
        sum += (double) a[3 + d * aStride + i] * b[5 + d * bStride + j];
      }
      assertEquals(sum, out[at], 1e-6 * (depth + 1));
    }
  }

  private static float[] random(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return values;
  }
}
