package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xlstm4j.engine.kernels.RowKernels;
import org.xlstm4j.engine.machine.code.WeightFormat;

/**
 * The kernels for products of all levels: interpreted ones and those of this machine against their
 * specification.
 */
@Tag("slow")
class ProductTest {
  private static final List<WeightFormat> FLOATS =
      List.of(WeightFormat.F32, WeightFormat.BF16, WeightFormat.F16);
  private static final List<WeightFormat> INTEGERS = List.of(WeightFormat.Q8, WeightFormat.Q4);
  private static final Room ANYWHERE = Room.behindLine(0);

  static List<Execution> executions() {
    return Execution.all();
  }

  @ParameterizedTest
  @MethodSource("executions")
  void integersAreMultipliedExactly(Execution execution) {
    for (WeightFormat format : INTEGERS) {
      for (int panels : new int[] {1, 2, 3, 4, 7}) {
        for (int blocks = 1; blocks <= 3; blocks++) {
          for (int count : execution.tokenCounts(format)) {
            TestTokens tokens = TestTokens.random(count, 32 * blocks - 5);
            Room room = Room.behindLine(2 * panels);
            check(execution, TestMatrix.random(format, 32 * panels, 32 * blocks, room), tokens);
          }
        }
      }
    }
  }

  /** All weights at an end of their range, the activations too or in any mixture of the ends. */
  @ParameterizedTest
  @MethodSource("executions")
  void integersAtTheEndsOfTheirRangesAreMultipliedExactly(Execution execution) {
    Random random = new Random(5);
    float[][] x = new float[5][64];
    for (int i = 0; i < 64; i++) {
      x[0][i] = 127;
      x[1][i] = -127;
      x[2][i] = i % 2 == 0 ? 127 : -127;
      x[3][i] = random.nextBoolean() ? 127 : -127;
      x[4][i] = List.of(-127, -126, 0, 127).get(random.nextInt(4));
    }
    for (WeightFormat format : INTEGERS) {
      boolean q8 = format == WeightFormat.Q8;
      List<Integer> ends = q8 ? List.of(-128, -127, 0, 127) : List.of(0, 15);
      List<TestMatrix.Integers> contents =
          List.of(
              (row, column) -> ends.get(0),
              (row, column) -> ends.get(1),
              (row, column) -> ends.getLast(),
              (row, column) -> ends.get(random.nextInt(ends.size())),
              (row, column) -> x[row % 5][column] < 0 ? ends.get(0) : ends.getLast());
      for (TestMatrix.Integers content : contents) {
        TestMatrix matrix = TestMatrix.integers(format, 1, 2, ANYWHERE, content);
        check(execution, matrix, new TestTokens(x[0], x[1], x[2], x[3]));
        check(execution, matrix, new TestTokens(x[4]));
        for (int count : execution.code().groupSizes(format)) {
          float[][] group = new float[count][];
          Arrays.setAll(group, token -> x[token % x.length]);
          check(execution, matrix, new TestTokens(group));
        }
      }
    }
  }

  /** Every exponent, the largest and the smallest fraction, every zero point. */
  @ParameterizedTest
  @MethodSource("executions")
  void allScalesAreTaken(Execution execution) {
    TestTokens tokens = TestTokens.random(2, 64);
    for (WeightFormat format : INTEGERS) {
      for (int part : new int[] {0, 63, 64, 2047}) {
        TestMatrix.Integers content =
            new TestMatrix.Integers() {
              @Override
              public int weight(int row, int column) {
                return (row + column) % 16;
              }

              @Override
              public int scaleWord(int row, int block) {
                return row << 11 | (block == 0 ? part : 64 * 17 + 2 * row);
              }
            };
        check(execution, TestMatrix.integers(format, 1, 2, ANYWHERE, content), tokens);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("executions")
  void activationsOfAnyMagnitudeAreTaken(Execution execution) {
    float[][] x = new float[4][96];
    for (int i = 0; i < 96; i++) {
      x[0][i] = i < 32 ? 0 : i - 50;
      x[1][i] = (i - 50) * 0x1p-149f;
      x[2][i] = (i - 50) * 0x1p-100f;
      x[3][i] = (i - 50) * 0x1p121f;
    }
    for (WeightFormat format : INTEGERS) {
      check(execution, TestMatrix.random(format, 32, 96, ANYWHERE), new TestTokens(x));
    }
  }

  @ParameterizedTest
  @MethodSource("executions")
  void whatIsNotFiniteStaysSo(Execution execution) {
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      for (WeightFormat format : WeightFormat.values()) {
        TestTokens tokens = TestTokens.random(3, 64);
        tokens.x[1][37] = value;
        TestTokens changed = new TestTokens(tokens.x);
        TestMatrix matrix = TestMatrix.random(format, 32, 64, ANYWHERE);
        Product product = new Product(matrix, changed);
        float[][] y = product.multiply(execution);
        for (float result : y[1]) {
          assertFalse(Float.isFinite(result));
        }
        new Product(matrix, changed.some(0, 1)).check(new float[][] {y[0]});
        new Product(matrix, changed.some(2, 3)).check(new float[][] {y[2]});
      }
    }
  }

  static List<Execution> ofVectors() {
    return Execution.ofVectors();
  }

  /** Every number of columns up to some vectors and more, rows around their groups. */
  @ParameterizedTest
  @MethodSource("ofVectors")
  void floatsOfAllSizesAreMultiplied(Execution execution) {
    int[] rows = {1, 4, 9, 2, 8, 17, 3, 5};
    int[] starts = {0, 4, 8, 28, 2, 60};
    for (WeightFormat format : FLOATS) {
      int number = 0;
      for (int columns = 1; columns <= 70; columns++) {
        for (int count = 1; count <= RowKernels.MAX_TOKENS; count++) {
          number++;
          if (execution.way() != Execution.Way.NATIVE && (columns + columns / 16 + count) % 2 > 0) {
            continue; // interpreters are slow: every other one, in each vector of columns others
          }
          Room room = Room.behindLine(starts[number % starts.length]);
          TestMatrix matrix = TestMatrix.random(format, rows[number % rows.length], columns, room);
          check(execution, matrix, TestTokens.random(count, columns));
        }
      }
    }
  }

  /** Only rows of whole lines have heads. */
  @ParameterizedTest
  @MethodSource("ofVectors")
  void floatsAreMultipliedWhereverTheyBegin(Execution execution) {
    for (WeightFormat format : FLOATS) {
      for (int start = 0; start < 64; start += 2) {
        int count = 1 + start / 2 % 4;
        for (int columns : new int[] {32, 96}) {
          TestMatrix matrix = TestMatrix.random(format, 5, columns, Room.behindLine(start));
          check(execution, matrix, TestTokens.random(count, columns));
        }
      }
    }
  }

  /** A row's bits depend on nothing but the row and the token. */
  @ParameterizedTest
  @MethodSource("executions")
  void rowsAreIndependentOfWhatIsMultipliedTogether(Execution execution) {
    for (WeightFormat format : WeightFormat.values()) {
      int rows = format.isQuantized() ? 96 : 19;
      int step = format.isQuantized() ? 32 : 1;
      for (int columns : new int[] {64, 67}) {
        int stored = format.isQuantized() ? 96 : columns;
        TestMatrix matrix = TestMatrix.random(format, rows, stored, Room.behindLine(12));
        int all = execution.tokenCounts(format).getLast();
        TestTokens tokens = TestTokens.random(all, stored);
        float[][] together = new Product(matrix, tokens).multiply(execution);
        for (int count : execution.tokenCounts(format)) {
          TestTokens some = tokens.some(all - count, all);
          for (int cut = step; cut < rows; cut += count * step) {
            float[][] upper = new Product(matrix, some).multiply(execution, 0, cut, ANYWHERE);
            float[][] lower =
                new Product(matrix, some).multiply(execution, cut, rows - cut, ANYWHERE);
            for (int t = 0; t < count; t++) {
              float[] joined = new float[rows];
              System.arraycopy(upper[t], 0, joined, 0, cut);
              System.arraycopy(lower[t], 0, joined, cut, rows - cut);
              assertArrayEquals(together[all - count + t], joined, execution + " " + format);
            }
          }
        }
      }
    }
  }

  static List<Execution> onWindows() {
    return Execution.interpreted(Execution.Way.INTERPRETED_AS_ON_WINDOWS);
  }

  /** Arguments in other registers and on the stack, and more registers that stay as they are. */
  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("onWindows")
  void kernelsKeepTheConventionOfWindows(Execution execution) {
    for (WeightFormat format : WeightFormat.values()) {
      for (int count : execution.tokenCounts(format)) {
        TestMatrix matrix = TestMatrix.random(format, 64, 96, Room.behindLine(4));
        check(execution, matrix, TestTokens.random(count, 96));
      }
    }
  }

  private static void check(Execution execution, TestMatrix matrix, TestTokens tokens) {
    Product product = new Product(matrix, tokens);
    product.check(product.multiply(execution));
  }
}
