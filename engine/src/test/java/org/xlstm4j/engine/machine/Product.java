package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.engine.machine.code.ProductResults;
import org.xlstm4j.engine.machine.code.WeightFormat;

/** The product of a matrix with a few tokens: by a kernel, and as it is specified. */
final class Product {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final int UNTOUCHED = 0x7fc12345;

  /** Of the sum of all products' magnitudes: a few units in the last place. */
  private static final double ROUNDING = 0x1p-21;

  private final TestMatrix matrix;
  private final TestTokens tokens;

  Product(TestMatrix matrix, TestTokens tokens) {
    this.matrix = matrix;
    this.tokens = tokens;
  }

  /** All rows, with activations and results at any place. */
  float[][] multiply(Execution execution) {
    return multiply(execution, 0, matrix.rows, Room.behindLine(0));
  }

  /**
   * A band of rows by one call of a kernel.
   *
   * @param room for the activations and the results
   * @return a row a token
   */
  float[][] multiply(Execution execution, int firstRow, int rows, Room room) {
    boolean panels = matrix.format.isQuantized();
    int count = tokens.count();
    long stride = ProductResults.STRIDE;
    MemorySegment x = tokens.form(matrix.format, room);
    MemorySegment y = room.take((count - 1) * stride + 4L * rows);
    for (long at = 0; at < y.byteSize(); at += Integer.BYTES) {
      y.set(INT, at, UNTOUCHED);
    }
    List<MemorySegment> targets = new ArrayList<>();
    for (int t = 0; t < count; t++) {
      targets.add(y.asSlice(t * stride, 4L * rows));
    }
    execution.call(
        execution.product(matrix.format, count),
        List.of(matrix.memory, x),
        targets,
        matrix.memory.address(),
        x.address(),
        y.address(),
        panels ? matrix.blocks() : matrix.columns,
        panels ? rows / TestMatrix.PANEL : rows,
        firstRow * matrix.rowBytes());
    float[][] results = new float[count][rows];
    for (long at = 0; at < y.byteSize(); at += Integer.BYTES) {
      int row = (int) (at % stride / Float.BYTES);
      if (row < rows) {
        results[(int) (at / stride)][row] = y.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
      } else {
        assertEquals(UNTOUCHED, y.get(INT, at), "between the results of two tokens");
      }
    }
    return results;
  }

  /** Compares results of all rows with the specification. */
  void check(float[][] y) {
    for (int t = 0; t < tokens.count(); t++) {
      for (int row = 0; row < matrix.rows; row++) {
        if (matrix.format.isQuantized()) {
          assertEquals(total(row, t), y[t][row], () -> "integers");
        } else {
          checkFloats(row, t, y[t][row]);
        }
      }
    }
  }

  /** {@code total = fma(p, scale, total)} block by block, with the exact integer {@code p}. */
  private float total(int row, int token) {
    float total = 0;
    for (int block = 0; block < matrix.blocks(); block++) {
      int sum = 0;
      for (int column = 32 * block; column < 32 * (block + 1); column++) {
        sum += matrix.integer(row, column) * tokens.values[token][column];
      }
      float scale = tokens.scales[token][block];
      if (matrix.format == WeightFormat.Q4) {
        sum = 4 * sum - matrix.zeroPoint(row, block) * tokens.sums[token][block];
        scale *= 0.25f;
      }
      total = Math.fma((float) sum, matrix.scale(row, block) * scale, total);
    }
    return total;
  }

  private void checkFloats(int row, int token, float found) {
    double sum = 0;
    double magnitude = 0;
    for (int column = 0; column < matrix.columns; column++) {
      double product = (double) matrix.weight(row, column) * tokens.x[token][column];
      sum += product;
      magnitude += Math.abs(product);
    }
    assertEquals(sum, found, ROUNDING * magnitude, () -> "row " + row + " token " + token);
  }
}
