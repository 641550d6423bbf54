package org.xlstm4j.engine.cells;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.kernels.dispatch.KernelWarmUp;
import org.xlstm4j.engine.machine.MachineMlstmKernels;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.weights.Matrix;

/**
 * Long runs with gates chosen to break the cells. The tests take {@code -Dxlstm4j.stability.steps}
 * steps: few by default, ten million on demand.
 */
@Tag("slow")
class StabilityTest {
  private static final int STEPS = Integer.getInteger("xlstm4j.stability.steps", 20_000);

  /** Steps between two looks at the state; gates keep their kind for that long. */
  private static final int STRETCH = 200;

  private static final float HUGE = 1e30f;

  @BeforeAll
  static void useVectorKernels() {
    if (!KernelWarmUp.scalarChosen()) {
      KernelWarmUp.useVectorKernels();
    }
  }

  /** Ways to choose raw gates. */
  private enum Kind {
    EXTREMES,
    ALTERNATING,
    ZEROS,
    DENORMALS,
    ORDINARY,
    LARGE,
    REMEMBER_EVERYTHING,
    FORGET_EVERYTHING,
    CREEPING,
    ANYTHING;

    float gate(RandomGenerator random, long step, int gate) {
      return switch (this) {
        case EXTREMES -> random.nextBoolean() ? HUGE : -HUGE;
        case ALTERNATING -> ((step + gate) % 2 == 0 ? 1 : -1) * (gate % 2 == 0 ? 50 : 1000);
        case ZEROS -> gate % 2 == 0 ? 0f : -0f;
        case DENORMALS -> (random.nextBoolean() ? 1 : -1) * Float.MIN_VALUE * random.nextInt(1000);
        case ORDINARY -> (float) random.nextGaussian();
        case LARGE -> (float) random.nextGaussian() * 100;
        case REMEMBER_EVERYTHING -> gate == 1 ? 100 : 0;
        case FORGET_EVERYTHING -> gate == 1 ? -100 : -50;
        case CREEPING -> gate == 1 ? 20 : step % STRETCH * 0.5f;
        case ANYTHING -> ANYTHING_OF[random.nextInt(ANYTHING_OF.length)];
      };
    }

    private static final float[] ANYTHING_OF = {
      0, -0f, 1, -1, 88, -88, 104, -104, 1e6f, -1e6f, HUGE, -HUGE, Float.MIN_VALUE, 1e-20f, -1e-20f
    };
  }

  /**
   * One of the stabilized gates is always 1, so from the first step on n is at least 1 and grows by
   * at most 1 a step; c, fed by values of at most 1, never exceeds n, hence y is at most 1; m never
   * exceeds the largest input gate so far.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void scalarMemory(boolean rounded) {
    int heads = 2;
    int width = 16;
    int all = heads * width;
    RandomGenerator random = new SplittableRandom(5);
    StateLayout layout = new StateLayout();
    float[] weights = new float[heads * width * 4 * width];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate((long) Float.BYTES * weights.length, 64);
      MemorySegment.copy(weights, 0, data, ValueLayout.JAVA_FLOAT, 0, weights.length);
      Matrix recurrent = Matrix.of(WeightType.F32, data, heads * width, 4 * width);
      SlstmCell cell =
          new SlstmCell(
              recurrent,
              heads,
              new float[4 * all],
              Float.POSITIVE_INFINITY,
              rounded ? SlstmCell.Arithmetic.BFLOAT16 : SlstmCell.Arithmetic.FLOAT32,
              layout,
              "slstm");
      Workspace workspace = new Workspace(Team.of(1));
      State state = new State(layout);
      Columns gates = Columns.allocate(STRETCH, 4 * all);
      Columns h = Columns.allocate(STRETCH, all);
      // what rounding may add to c over n: a unit in the last place of either a step, of both signs
      double slack = rounded ? 1.01 : 1.001;
      double mostInput = Double.NEGATIVE_INFINITY;
      Kind[] kinds = Kind.values();
      for (long step = 0; step < STEPS; step += STRETCH) {
        Kind kind = kinds[random.nextInt(kinds.length)];
        for (int token = 0; token < STRETCH; token++) {
          for (int i = 0; i < 4 * all; i++) {
            int gate = i / width % 4;
            float raw = kind.gate(random, step + token, gate);
            gates.data()[gates.at(token) + i] = raw;
            // 16 recurrent weights of at most about 5, and y of at most 1
            mostInput = Math.max(mostInput, raw + 100);
          }
        }
        cell.forward(workspace, state, gates, STRETCH, h);
        String where = " after " + kind + " at " + step;
        requireWithin(slack, h.data(), "y", where);
        float[] values = state.read(layout.slots().getFirst());
        for (int i = 0; i < all; i++) {
          float c = values[all + i];
          float n = values[2 * all + i];
          float m = values[3 * all + i];
          boolean holds =
              n >= 1 / slack
                  && n <= slack * (step + STRETCH)
                  && Math.abs(c) <= slack * n
                  && Float.isFinite(m)
                  && m <= slack * mostInput;
          assertTrue(holds, () -> "c, n, m are " + c + ", " + n + ", " + m + where);
        }
      }
    }
  }

  /**
   * With keys and values of at most 1, C and n grow by at most 1 a step; m never exceeds the
   * largest input gate so far, or 0, where it starts; h is C's part of it over at least epsilon.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, MlstmStep.MAX_TOKENS, STRETCH})
  void matrixMemory(int together) {
    int width = MachineMlstmKernels.COLUMNS; // wide enough for machine code
    float epsilon = 1e-6f;
    RandomGenerator random = new SplittableRandom(6);
    StateLayout layout = new StateLayout();
    MlstmCell cell = new MlstmCell(1, width, width, MlstmCell.Scaled.KEY, epsilon, layout, "");
    Workspace workspace = new Workspace(Team.of(1));
    State state = new State(layout);
    Columns query = Columns.allocate(STRETCH, width);
    Columns key = Columns.allocate(STRETCH, width);
    Columns value = Columns.allocate(STRETCH, width);
    Columns input = Columns.allocate(STRETCH, 1);
    Columns forget = Columns.allocate(STRETCH, 1);
    Columns h = Columns.allocate(STRETCH, width);
    Kind[] kinds = Kind.values();
    for (long step = 0; step < STEPS; step += STRETCH) {
      Kind kind = kinds[random.nextInt(kinds.length)];
      for (int token = 0; token < STRETCH; token++) {
        input.data()[token] = kind.gate(random, step + token, 0);
        forget.data()[token] = kind.gate(random, step + token, 1);
      }
      for (Columns columns : new Columns[] {query, key, value}) {
        for (int i = 0; i < columns.data().length; i++) {
          columns.data()[i] = kind == Kind.ZEROS ? 0 : random.nextFloat() * 2 - 1;
        }
      }
      for (int token = 0; token < STRETCH; token += together) {
        MlstmCell.Inputs inputs =
            new MlstmCell.Inputs(
                query.fromToken(token),
                key.fromToken(token),
                value.fromToken(token),
                input.fromToken(token),
                forget.fromToken(token));
        cell.forward(workspace, state, inputs, together, h.fromToken(token));
      }
      String where = " after " + kind + " at " + step;
      // chunks keep in C what rounding takes from m, up to a half
      double most = (together <= MlstmStep.MAX_TOKENS ? 1.001 : 1.7) * (step + STRETCH);
      requireWithin(width * most / epsilon, h.data(), "h", where);
      requireWithin(most, state.read(layout.slots().get(0)), "C", where);
      requireWithin(most, state.read(layout.slots().get(1)), "n", where);
      float m = state.read(layout.slots().get(2))[0];
      assertTrue(Float.isFinite(m) && m <= HUGE, "m is " + m + where);
    }
  }

  /** Written so that NaN is beyond any bound. */
  private static void requireWithin(double most, float[] values, String name, String where) {
    for (float value : values) {
      if (!(Math.abs(value) <= most)) {
        fail(name + " holds " + value + where);
      }
    }
  }
}
