package org.xlstm4j.engine.kernels.scalar;

import java.lang.foreign.MemorySegment;
import org.xlstm4j.engine.kernels.FusedMultiplyAdd;
import org.xlstm4j.engine.kernels.HalfKernels;
import org.xlstm4j.engine.kernels.LaneSums;

/**
 * A row of weights, and its products with a token in the order of the SIMD kernels. A vector's
 * lanes have 32 bits: with two weights in a lane, a row is two parts, the even columns and the odd
 * ones ({@link HalfKernels#split}), and perhaps a last column.
 *
 * <p>The row is a copy: a JVM that has not compiled much reads memory segments at a tenth of the
 * speed of arrays. Belongs to one thread.
 */
final class RowOfWeights {
  private final int parts;
  private final float[] lanes;
  private float[] w = new float[0];
  private int columns;

  /**
   * A row that is still to be read.
   *
   * @param parts weights in a lane, 1 or 2
   */
  RowOfWeights(int parts) {
    this.parts = parts;
    this.lanes = new float[parts * LaneSums.LANES];
  }

  /** How a row lies in memory. */
  interface Reader {
    /** Reads a row in the order of the tokens' values. */
    void read(MemorySegment weights, long byteOffset, int columns, float[] row);
  }

  void read(Reader reader, MemorySegment weights, long byteOffset, int newColumns) {
    columns = newColumns;
    if (w.length < columns) {
      w = new float[columns];
    }
    reader.read(weights, byteOffset, columns, w);
  }

  /** Vectors begin with the row; what is behind the last one follows column by column. */
  float fromStart(float[] x, int xAt) {
    int length = columns / parts;
    int bound = LaneSums.whole(length);
    float sum = whole(x, xAt, length, 0, bound);
    for (int i = bound; i < length; i++) {
      for (int part = 0; part < parts; part++) {
        int column = part * length + i;
        sum = FusedMultiplyAdd.of(w[column], x[xAt + column], sum);
      }
    }
    return withLast(x, xAt, sum);
  }

  /**
   * Vectors begin {@code head} lanes behind the row's start, which has at least one vector. The
   * columns before them and behind them are the lanes of a sum of its own.
   */
  float fromLine(float[] x, int head) {
    int length = columns / parts;
    int bound = head + LaneSums.whole(length - head);
    float sum = whole(x, 0, length, head, bound);
    if (parts * (bound - head) < columns) {
      for (int part = 0; part < parts; part++) {
        ends(x, part * length, length, head, bound, part * LaneSums.LANES);
      }
      sum += withLast(x, 0, LaneSums.total(lanes, 0, lanes.length));
    }
    return sum;
  }

  /** The columns of whole vectors. */
  private float whole(float[] x, int xAt, int length, int from, int to) {
    for (int part = 0; part < parts; part++) {
      int column = part * length + from;
      int lane = part * LaneSums.LANES;
      LaneSums.products(w, column, x, xAt + column, to - from, LaneSums.LANES, lanes, lane);
    }
    return LaneSums.total(lanes, 0, lanes.length);
  }

  /** The first vector's lanes before the head, the last vector's from the bound on. */
  private void ends(float[] x, int from, int length, int head, int bound, int to) {
    int last = length - LaneSums.LANES;
    for (int lane = 0; lane < LaneSums.LANES; lane++) {
      float sum = lane < head ? FusedMultiplyAdd.of(w[from + lane], x[from + lane], 0) : 0;
      int column = last + lane;
      lanes[to + lane] =
          column < bound ? sum : FusedMultiplyAdd.of(w[from + column], x[from + column], sum);
    }
  }

  /** Adds the column that no pair has. */
  private float withLast(float[] x, int xAt, float sum) {
    int last = columns - 1;
    return columns % parts == 0 ? sum : FusedMultiplyAdd.of(w[last], x[xAt + last], sum);
  }
}
