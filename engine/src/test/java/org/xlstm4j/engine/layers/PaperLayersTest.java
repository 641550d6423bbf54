package org.xlstm4j.engine.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;

/** The layers that only the paper's blocks have. */
class PaperLayersTest {
  private final Workspace workspace = new Workspace(Team.of(1));

  @ParameterizedTest
  @CsvSource({"1,1,3", "3,2,1", "4,5,2", "4,17,9", "2,16,40", "5,3,4"})
  void convolutionInAnyPieces(int taps, int width, int tokens) {
    Random random = new Random(taps);
    StateLayout layout = new StateLayout();
    float[] weights = random(random, width * taps);
    float[] bias = random(random, width);
    DepthwiseCausalConvolution conv =
        new DepthwiseCausalConvolution(width, taps, weights, bias, layout, "0.conv");
    Columns x = new Columns(random(random, tokens * (width + 2)), 1, width + 2);
    Columns atOnce = Columns.allocate(tokens, width);
    Columns inPieces = Columns.allocate(tokens, width);
    State one = new State(layout);
    State other = new State(layout);
    conv.begin(workspace, one, x, tokens);
    conv.apply(workspace, 0, tokens, atOnce);
    for (int first = 0; first < tokens; ) {
      int count = Math.min(1 + first % 3, tokens - first);
      conv.begin(workspace, other, x.fromToken(first), count);
      conv.apply(workspace, 0, 1, inPieces.fromToken(first));
      conv.apply(workspace, 1, count - 1, inPieces.fromToken(first));
      first += count;
    }
    assertArrayEquals(atOnce.data(), inPieces.data());
    float[] history = one.read(layout.slots().getFirst());
    assertArrayEquals(history, other.read(layout.slots().getFirst()));
    for (int channel = 0; channel < width; channel++) {
      for (int token = 0; token < tokens; token++) {
        double sum = bias[channel];
        for (int tap = 0; tap < taps; tap++) {
          int source = token - taps + 1 + tap;
          sum += weights[channel * taps + tap] * value(x, source, channel);
        }
        assertEquals(sum, atOnce.data()[token * width + channel], 1e-6);
      }
      for (int row = 0; row < taps; row++) {
        double expected = value(x, tokens - taps + row, channel);
        assertEquals(expected, history[row * width + channel]);
      }
    }
  }

  private static double value(Columns x, int token, int channel) {
    return token < 0 ? 0 : x.data()[x.at(token) + channel];
  }

  @ParameterizedTest
  @CsvSource({"1,5,2", "4,6,3", "8,2,1", "16,2,5"})
  void blockDiagonal(int size, int blocks, int tokens) {
    Random random = new Random(size);
    int width = size * blocks;
    float[] weights = random(random, blocks * size * size);
    float[] bias = random(random, width);
    BlockDiagonal projection = new BlockDiagonal(width, size, weights, bias);
    Columns x = Columns.allocate(tokens, width);
    System.arraycopy(random(random, tokens * width), 0, x.data(), 0, tokens * width);
    Columns y = Columns.allocate(tokens, width);
    projection.apply(x, 0, 1, y);
    projection.apply(x, 1, tokens - 1, y);
    for (int token = 0; token < tokens; token++) {
      for (int output = 0; output < width; output++) {
        double sum = bias[output];
        for (int input = 0; input < size; input++) {
          sum +=
              (double) weights[output * size + input]
                  * x.data()[token * width + output / size * size + input];
        }
        assertEquals(sum, y.data()[token * width + output], 1e-6 * size);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void activations(Activation activation) {
    float[] points = {-100, -3, -0.5f, -1e-4f, 0, 1e-4f, 0.5f, 3, 100};
    Columns x = new Columns(points, 0, points.length);
    Columns y = Columns.allocate(1, points.length);
    Columns up = new Columns(random(new Random(4), points.length), 0, points.length);
    activation.gate(x, up, 0, 1, points.length, y);
    for (int i = 0; i < points.length; i++) {
      double value = points[i];
      double expected =
          switch (activation) {
            case GELU -> value * gaussian(value);
            case RELU -> Math.max(value, 0);
            case SQUARED_RELU -> Math.max(value, 0) * Math.max(value, 0);
            case SIGMOID -> 1 / (1 + Math.exp(-value));
            case SWISH -> value / (1 + Math.exp(-value));
            case SELU ->
                1.0507009873554805 * (value > 0 ? value : 1.6732632423543772 * Math.expm1(value));
          };
      double tolerance = 2e-6 * Math.max(Math.abs(expected), 1e-3);
      assertEquals(expected * up.data()[i], y.data()[i], tolerance);
    }
  }

  /** Without a factor the function is what it makes of ones, in rows of any width. */
  @ParameterizedTest
  @EnumSource
  void activationsAlone(Activation activation) {
    Random random = new Random(5);
    for (int width : new int[] {1, 255, 256, 257, 700}) {
      Columns x = new Columns(random(random, 3 * width), 0, width);
      Columns ones = Columns.allocate(3, width);
      Arrays.fill(ones.data(), 1);
      Columns expected = Columns.allocate(3, width);
      activation.gate(x, ones, 0, 3, width, expected);
      Columns actual = Columns.allocate(3, width);
      activation.apply(x, 0, 1, width, actual);
      activation.apply(x, 1, 2, width, actual);
      assertArrayEquals(expected.data(), actual.data(), 1e-6f);
    }
  }

  @Test
  void rootMeanSquareNormOfGroups() {
    Random random = new Random(6);
    float[] gain = random(random, 12);
    float[] bias = random(random, 12);
    Columns x = new Columns(random(random, 24), 0, 12);
    Columns y = Columns.allocate(2, 12);
    new RmsNorm(gain, bias, 3, 1e-3f).apply(x, 0, 2, y);
    for (int i = 0; i < 24; i++) {
      double squares = 0;
      for (int column = i / 4 * 4; column < i / 4 * 4 + 4; column++) {
        squares += x.data()[column] * x.data()[column];
      }
      double normed = x.data()[i] / Math.sqrt(squares / 4 + 1e-3);
      assertEquals(normed * gain[i % 12] + bias[i % 12], y.data()[i], 1e-6);
    }
  }

  /** The normal distribution's cumulative function by its series, for the points above. */
  private static double gaussian(double x) {
    if (Math.abs(x) > 10) {
      return x > 0 ? 1 : 0;
    }
    double term = x;
    double sum = x;
    for (int k = 1; k < 200; k++) {
      term *= x * x / (2 * k + 1);
      sum += term;
    }
    return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  @Test
  void reluInPlace() {
    Columns x = new Columns(new float[] {-1, 2, -0.0f}, 0, 3);
    Elementwise.relu(x, 0, 1, 3, x);
    assertArrayEquals(new float[] {0, 2, 0}, x.data());
  }

  private static float[] random(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return values;
  }
}
