package org.xlstm4j.engine.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;

/** Stacked projections of every row-major type, with few and many tokens, one and three threads. */
@Tag("slow")
class LinearTest {
  @ParameterizedTest
  @CsvSource({"1,1", "3,7", "37,64", "64,33", "100,600", "5,1100"})
  void productsOfAllTypes(int rows, int columns) {
    for (WeightType type : List.of(WeightType.F32, WeightType.BF16, WeightType.F16)) {
      for (int tokens : new int[] {1, 2, 3, 5, 8, 13, 16, 19, 48, 57, 70, 96, 130}) {
        for (int threads : new int[] {1, 3}) {
          check(type, rows, columns, tokens, Team.of(threads));
        }
      }
    }
  }

  /** More tokens and more panels than meet at once. */
  @Test
  void blocksOfTokensAndPanels() {
    for (WeightType type : List.of(WeightType.F32, WeightType.BF16)) {
      check(type, 5 * Panels.ROWS + 3, 37, 2 * Panels.TOKENS + 13, Team.of(1));
      check(type, 2 * Panels.ROWS, Panels.COLUMNS + 9, Panels.TOKENS + 8, Team.of(2));
    }
  }

  private static void check(WeightType type, int rows, int columns, int tokens, Team team) {
    Random random = new Random(rows + 7L * columns);
    int secondRows = rows / 2 + 1;
    float[] w = random(random, rows * columns);
    float[] v = random(random, secondRows * columns);
    float[] bias = random(random, rows + secondRows);
    float[] x = random(random, tokens * (columns + 2));
    Linear linear =
        new Linear(
            List.of(matrix(type, w, rows, columns), matrix(type, v, secondRows, columns)), bias);
    Columns y = Columns.allocate(tokens, rows + secondRows + 3);
    linear.apply(new Workspace(team), new Columns(x, 1, columns + 2), tokens, y.from(2));
    for (int token = 0; token < tokens; token++) {
      for (int row = 0; row < rows + secondRows; row++) {
        double sum = bias[row];
        double magnitude = Math.abs(sum);
        for (int column = 0; column < columns; column++) {
          float weight =
              row < rows ? w[row * columns + column] : v[(row - rows) * columns + column];
          double product = (double) rounded(type, weight) * x[1 + token * (columns + 2) + column];
          sum += product;
          magnitude += Math.abs(product);
        }
        assertEquals(sum, y.data()[y.at(token) + 2 + row], 2e-6 * magnitude);
      }
    }
  }

  private static Matrix matrix(WeightType type, float[] w, int rows, int columns) {
    int bytes = type == WeightType.F32 ? 4 : 2;
    MemorySegment data = Arena.ofAuto().allocate((long) bytes * w.length, 64);
    for (int i = 0; i < w.length; i++) {
      switch (type) {
        case F32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT, i, w[i]);
        case F16 -> data.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(w[i]));
        default ->
            data.setAtIndex(
                ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(w[i]) >>> 16));
      }
    }
    return Matrix.of(type, data, rows, columns);
  }

  private static float rounded(WeightType type, float value) {
    return switch (type) {
      case F32 -> value;
      case F16 -> Float.float16ToFloat(Float.floatToFloat16(value));
      default -> Float.intBitsToFloat(Float.floatToRawIntBits(value) & 0xffff0000);
    };
  }

  private static float[] random(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return values;
  }

  @Test
  void aClosedArenaIsAnExceptionAndNoCrash() {
    Arena arena = Arena.ofShared();
    Matrix matrix = Matrix.of(WeightType.F32, arena.allocate(4 * 64, 64), 8, 8);
    arena.close();
    Columns x = Columns.allocate(1, 8);
    Columns y = Columns.allocate(1, 8);
    Workspace workspace = new Workspace(Team.of(1));
    assertThrows(IllegalStateException.class, () -> new Linear(matrix).apply(workspace, x, 1, y));
  }

  @Test
  void sizesAreChecked() {
    MemorySegment data = Arena.ofAuto().allocate(4 * 63, 64);
    assertThrows(IllegalArgumentException.class, () -> Matrix.of(WeightType.F32, data, 8, 8));
  }
}
