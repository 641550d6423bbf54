package org.xlstm4j.engine.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.engine.KernelPath;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;

/** Projections whose parts are quantized, or only some of them, on one thread and on three. */
@Tag("slow")
class QuantizedLinearTest {
  @ParameterizedTest
  @CsvSource({"1,1", "3,7", "37,64", "64,33", "100,600", "5,1100", "129,32", "320,96"})
  void productsStayWithinTheRoundingOfActivations(int rows, int columns) {
    for (WeightType type : List.of(WeightType.Q8, WeightType.Q4)) {
      for (int tokens : new int[] {1, 2, 3, 4, 5, 8, 13, 30}) {
        for (int threads : new int[] {1, 3}) {
          check(type, rows, columns, tokens, Team.of(threads));
        }
      }
    }
  }

  private static void check(WeightType type, int rows, int columns, int tokens, Team team) {
    Random random = new Random(rows + 7L * columns);
    int plainRows = rows / 2 + 1;
    Matrix first = quantized(type, random, rows, columns);
    Matrix second = plain(random, plainRows, columns);
    Matrix third = quantized(type, random, rows, columns);
    Linear linear = new Linear(first, second, third);
    float[] x = new float[tokens * columns];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextFloat() * 2 - 1;
    }
    int width = 2 * rows + plainRows;
    Columns y = Columns.allocate(tokens, width + 1);
    linear.apply(new Workspace(team), new Columns(x, 0, columns), tokens, y);
    float[] w = new float[columns];
    for (int row = 0; row < width; row++) {
      Matrix part = row < rows ? first : row < rows + plainRows ? second : third;
      int inPart = row < rows ? row : row < rows + plainRows ? row - rows : row - rows - plainRows;
      part.copyRow(inPart, w, 0);
      boolean rounded =
          part != second && (part.group(tokens) > 0 || width <= LinearRegion.FEW_ROWS);
      for (int token = 0; token < tokens; token++) {
        double sum = 0;
        double magnitude = 0;
        double weights = 0;
        for (int column = 0; column < columns; column++) {
          double product = (double) w[column] * x[token * columns + column];
          sum += product;
          magnitude += Math.abs(product);
          weights += Math.abs(w[column]);
        }
        double tolerance = 2e-6 * magnitude + (rounded ? 0.5 / 127 * weights : 0);
        assertEquals(sum, y.data()[y.at(token) + row], tolerance);
      }
    }
    for (int token = 0; token < tokens; token++) {
      assertEquals(0, y.data()[y.at(token) + width], "nothing is written behind the rows");
    }
  }

  @Test
  void resultsDoNotDependOnTheNumberOfThreads() {
    Random random = new Random(3);
    for (WeightType type : List.of(WeightType.Q8, WeightType.Q4)) {
      Linear linear = new Linear(quantized(type, random, 300, 96), quantized(type, random, 70, 96));
      float[] x = new float[96];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) random.nextGaussian();
      }
      Columns alone = Columns.allocate(1, 370);
      Columns shared = Columns.allocate(1, 370);
      linear.apply(new Workspace(Team.of(1)), new Columns(x, 0, 96), 1, alone);
      linear.apply(new Workspace(Team.of(3)), new Columns(x, 0, 96), 1, shared);
      assertArrayEquals(alone.data(), shared.data());
    }
  }

  /**
   * Integers are summed exactly, so it makes no difference which tokens are multiplied together.
   */
  @Test
  void tokensOfAPromptGetTheBitsOfSingleSteps() {
    assumeTrue(KernelPath.inUse() == KernelPath.MACHINE, "only machine code multiplies integers");
    Random random = new Random(4);
    int tokens = 31;
    for (WeightType type : List.of(WeightType.Q8, WeightType.Q4)) {
      Linear linear = new Linear(quantized(type, random, 300, 96), quantized(type, random, 70, 96));
      float[] x = new float[tokens * 96];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) random.nextGaussian();
      }
      Columns together = Columns.allocate(tokens, 370);
      Columns single = Columns.allocate(tokens, 370);
      linear.apply(new Workspace(Team.of(2)), new Columns(x, 0, 96), tokens, together);
      Workspace workspace = new Workspace(Team.of(1));
      for (int token = 0; token < tokens; token++) {
        Columns y = new Columns(single.data(), single.at(token), single.stride());
        linear.apply(workspace, new Columns(x, 96 * token, 96), 1, y);
      }
      assertArrayEquals(single.data(), together.data());
    }
  }

  @Test
  void sizesAreChecked() {
    for (WeightType type : List.of(WeightType.Q8, WeightType.Q4)) {
      long bytes = PanelLayout.byteSize(type, 65, 33);
      for (long wrong : new long[] {bytes - 1, bytes + 1, bytes - 64, 0}) {
        MemorySegment data = Arena.ofAuto().allocate(wrong);
        assertThrows(IllegalArgumentException.class, () -> Matrix.of(type, data, 65, 33));
      }
    }
  }

  /** Random panels: scales of any fraction, weights of any bits. */
  private static Matrix quantized(WeightType type, Random random, int rows, int columns) {
    MemorySegment data = Arena.ofAuto().allocate(PanelLayout.byteSize(type, rows, columns), 64);
    for (long i = 0; i < data.byteSize(); i++) {
      data.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
    }
    long block = PanelLayout.blockBytes(type);
    for (long at = 0; at < data.byteSize(); at += block) {
      for (int row = 0; row < PanelLayout.ROWS; row++) {
        float scale = 0.001f * (1 + random.nextFloat());
        short word =
            type == WeightType.Q8
                ? PanelLayout.q8Word(scale)
                : PanelLayout.q4Word(scale, random.nextInt(64));
        data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + PanelLayout.scaleOffset(row), word);
      }
    }
    return Matrix.of(type, data, rows, columns);
  }

  private static Matrix plain(Random random, int rows, int columns) {
    MemorySegment data = Arena.ofAuto().allocate(4L * rows * columns, 64);
    for (int i = 0; i < rows * columns; i++) {
      data.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat() - 0.5f);
    }
    return Matrix.of(WeightType.F32, data, rows, columns);
  }
}
