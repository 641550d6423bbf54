package org.xlstm4j.engine.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;
import org.xlstm4j.engine.kernels.vector.VectorKernels;
import org.xlstm4j.engine.machine.MachineKernels;

/** The fast kernels against their scalar specification. */
class GridKernelsTest {
  @ParameterizedTest
  @CsvSource({"1,1", "1,16", "2,17", "3,7", "5,48", "14,67", "4,96"})
  void addsARowAsSpecified(int length, int channels) {
    Random random = new Random(length * 31 + channels);
    int xStride = channels + 5;
    int yStride = channels + 3;
    float[] x = gaussian(random, 2 + length * xStride);
    float[] w = gaussian(random, 4 + GridKernels.TAPS * channels);
    float[] expected = gaussian(random, 1 + length * yStride);
    float[] before = expected.clone();
    ScalarKernels.grids().addRow(x, 2, xStride, length, channels, w, 4, expected, 1, yStride);
    List<GridKernels> fast = new ArrayList<>(MachineKernels.grids());
    fast.add(VectorKernels.grids());
    for (GridKernels kernels : fast) {
      float[] actual = before.clone();
      kernels.addRow(x, 2, xStride, length, channels, w, 4, actual, 1, yStride);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], actual[i], 2e-6, "value " + i);
      }
    }
  }

  private static float[] gaussian(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
