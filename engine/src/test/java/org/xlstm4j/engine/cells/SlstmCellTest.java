package org.xlstm4j.engine.cells;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.kernels.dispatch.KernelWarmUp;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.weights.Matrix;

class SlstmCellTest {
  private static final int GATES = 4;

  @BeforeAll
  static void useVectorKernels() {
    KernelWarmUp.useVectorKernels();
  }

  @ParameterizedTest
  @CsvSource({"1,1,3,1", "2,5,20,1", "4,16,9,2", "3,24,31,2", "2,200,6,2", "1,40,12,2"})
  void agreesWithTheEquations(int heads, int width, int tokens, int threads) {
    for (WeightType type : new WeightType[] {WeightType.F32, WeightType.BF16}) {
      for (float ceiling : new float[] {Float.POSITIVE_INFINITY, 0.25f}) {
        compare(heads, width, tokens, threads, type, ceiling);
      }
    }
  }

  private static void compare(
      int heads, int width, int tokens, int threads, WeightType type, float ceiling) {
    Random random = new Random(width);
    // [head][gate][output][input]
    float[] r = random(random, heads * GATES * width * width, 1 / Math.sqrt(width));
    for (int i = 0; i < r.length; i++) {
      r[i] = Float.intBitsToFloat(Float.floatToRawIntBits(r[i]) & 0xffff0000);
    }
    float[] bias = random(random, heads * GATES * width, 1);
    Columns gates = Columns.allocate(tokens, heads * GATES * width);
    System.arraycopy(
        random(random, gates.data().length, 2), 0, gates.data(), 0, gates.data().length);
    double[][] expected = reference(heads, width, tokens, r, bias, gates.data(), ceiling);

    try (Arena arena = Arena.ofConfined()) {
      Matrix byOutput = matrix(arena, type, r, heads * GATES * width, width);
      Matrix byInput =
          matrix(arena, type, transpose(r, heads, width), heads * width, GATES * width);
      for (Matrix stored : new Matrix[] {byOutput, byInput}) {
        StateLayout layout = new StateLayout();
        SlstmCell cell =
            new SlstmCell(
                stored, heads, bias, ceiling, SlstmCell.Arithmetic.FLOAT32, layout, "0.slstm");
        Workspace workspace = new Workspace(Team.of(threads));
        State atOnce = new State(layout);
        Columns h = Columns.allocate(tokens, heads * width);
        cell.forward(workspace, atOnce, gates, tokens, h);
        assertClose(expected[0], h.data());
        assertClose(expected[1], atOnce.read(layout.slots().getFirst()));

        State stepped = new State(layout);
        Columns steps = Columns.allocate(tokens, heads * width);
        for (int token = 0; token < tokens; token++) {
          cell.forward(
              workspace,
              stepped,
              new Columns(gates.data(), gates.at(token), gates.stride()),
              1,
              new Columns(steps.data(), steps.at(token), steps.stride()));
        }
        assertArrayEquals(h.data(), steps.data());
        assertArrayEquals(
            atOnce.read(layout.slots().getFirst()), stepped.read(layout.slots().getFirst()));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1,5,1", "4,40,2", "3,24,2"})
  void sequencesDoNotTouchEachOther(int heads, int width, int threads) {
    Random random = new Random(width);
    List<Integer> lengths = List.of(7, 1, 12, 3, 7);
    int tokens = lengths.stream().mapToInt(length -> length).sum();
    Columns gates =
        new Columns(random(random, tokens * heads * GATES * width, 1), 0, heads * GATES * width);
    Columns together = Columns.allocate(tokens, heads * width);
    Columns alone = Columns.allocate(tokens, heads * width);
    try (Arena arena = Arena.ofConfined()) {
      float[] r = random(random, heads * GATES * width * width, 1 / Math.sqrt(width));
      Matrix stored = matrix(arena, WeightType.F32, r, heads * width, GATES * width);
      StateLayout layout = new StateLayout();
      SlstmCell cell =
          new SlstmCell(
              stored,
              heads,
              random(random, heads * GATES * width, 1),
              15,
              SlstmCell.Arithmetic.FLOAT32,
              layout,
              "slstm");
      Workspace workspace = new Workspace(Team.of(threads));
      List<State> states = lengths.stream().map(length -> new State(layout)).toList();
      cell.forward(workspace, new Sequences(states, lengths), gates, together);
      int first = 0;
      for (int i = 0; i < lengths.size(); i++) {
        State state = new State(layout);
        cell.forward(
            workspace, state, gates.fromToken(first), lengths.get(i), alone.fromToken(first));
        assertArrayEquals(
            state.read(layout.slots().getFirst()), states.get(i).read(layout.slots().getFirst()));
        first += lengths.get(i);
      }
      assertArrayEquals(alone.data(), together.data());
    }
  }

  /** Outputs {@code [tokens][heads * width]} and the last state, in double. */
  private static double[][] reference(
      int heads, int width, int tokens, float[] r, float[] bias, float[] x, float ceiling) {
    int all = heads * width;
    double[] outputs = new double[tokens * all];
    double[] state = new double[4 * all];
    for (int token = 0; token < tokens; token++) {
      double[] before = state.clone();
      for (int channel = 0; channel < all; channel++) {
        double[] raw = new double[GATES];
        int head = channel / width;
        for (int gate = 0; gate < GATES; gate++) {
          int row = (head * GATES + gate) * width + channel % width;
          raw[gate] = x[token * GATES * all + row] + bias[row];
          for (int in = 0; in < width; in++) {
            raw[gate] += (double) r[row * width + in] * before[head * width + in];
          }
        }
        double f = Math.min(raw[1], ceiling);
        double kept = before[3 * all + channel] - Math.log1p(Math.exp(-f));
        double n = before[2 * all + channel];
        double m = n == 0 ? raw[0] : Math.max(raw[0], kept);
        double input = Math.min(Math.exp(raw[0] - m), 1);
        double forget = Math.min(Math.exp(kept - m), 1);
        double c = forget * before[all + channel] + input * Math.tanh(raw[2]);
        n = forget * n + input;
        double y = c / n / (1 + Math.exp(-raw[3]));
        state[channel] = y;
        state[all + channel] = c;
        state[2 * all + channel] = n;
        state[3 * all + channel] = m;
        outputs[token * all + channel] = y;
      }
    }
    return new double[][] {outputs, state};
  }

  private static void assertClose(double[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 2e-6 * Math.max(1, Math.abs(expected[i])));
    }
  }

  private static float[] transpose(float[] r, int heads, int width) {
    float[] transposed = new float[r.length];
    for (int head = 0; head < heads; head++) {
      for (int output = 0; output < GATES * width; output++) {
        for (int in = 0; in < width; in++) {
          transposed[(head * width + in) * GATES * width + output] =
              r[(head * GATES * width + output) * width + in];
        }
      }
    }
    return transposed;
  }

  private static Matrix matrix(
      Arena arena, WeightType type, float[] values, int rows, int columns) {
    int bytes = type == WeightType.F32 ? 4 : 2;
    MemorySegment data = arena.allocate((long) bytes * values.length, 64);
    for (int i = 0; i < values.length; i++) {
      if (type == WeightType.F32) {
        data.setAtIndex(ValueLayout.JAVA_FLOAT, i, values[i]);
      } else {
        short upper = (short) (Float.floatToRawIntBits(values[i]) >>> 16);
        data.setAtIndex(ValueLayout.JAVA_SHORT, i, upper);
      }
    }
    return Matrix.of(type, data, rows, columns);
  }

  private static float[] random(Random random, int length, double size) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (random.nextGaussian() * size);
    }
    return values;
  }
}
