package org.xlstm4j.engine.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xlstm4j.engine.tokens.Columns;

/** Against the formula in double, on a grid with a single row or column among others. */
class DepthwiseGridConvolutionTest {
  private static final int CHANNELS = 19;

  private final Random random = new Random(5);
  private final float[] weights = gaussian(CHANNELS * 9);
  private final float[] bias = gaussian(CHANNELS);
  private final DepthwiseGridConvolution convolution =
      new DepthwiseGridConvolution(CHANNELS, weights, bias);

  @Test
  void followsTheFormula() {
    int[][] grids = {{1, 1}, {1, 4}, {4, 1}, {2, 2}, {5, 7}};
    for (int[] grid : grids) {
      int height = grid[0];
      int width = grid[1];
      Columns x = new Columns(gaussian(height * width * CHANNELS), 0, CHANNELS);
      Columns y = Columns.allocate(height * width, CHANNELS);
      int middle = height / 2;
      convolution.apply(x, height, width, 0, middle, y);
      convolution.apply(x, height, width, middle, height, y);
      for (int row = 0; row < height; row++) {
        for (int column = 0; column < width; column++) {
          for (int channel = 0; channel < CHANNELS; channel++) {
            assertEquals(
                expected(x, height, width, row, column, channel),
                y.data()[y.at(row * width + column) + channel],
                2e-6);
          }
        }
      }
    }
  }

  @Test
  void refusesKernelsOfAnotherSize() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new DepthwiseGridConvolution(CHANNELS, new float[10], bias));
  }

  private double expected(Columns x, int height, int width, int row, int column, int channel) {
    double sum = bias[channel];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        int r = row + i - 1;
        int q = column + j - 1;
        if (r >= 0 && r < height && q >= 0 && q < width) {
          sum +=
              (double) weights[channel * 9 + i * 3 + j] * x.data()[x.at(r * width + q) + channel];
        }
      }
    }
    return sum;
  }

  private float[] gaussian(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
