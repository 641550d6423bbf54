package org.xlstm4j.engine.weights;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.machine.ProductKernels;
import org.xlstm4j.engine.machine.TokenVectors;
import org.xlstm4j.engine.machine.code.ProductResults;

/**
 * A weight matrix {@code [rows, columns]} off-heap, usually a view of a mapped file: {@code rows}
 * are outputs, {@code columns} inputs. Immutable and thread-safe while the memory is alive; a use
 * after the memory's arena was closed throws {@link IllegalStateException}.
 */
public abstract sealed class Matrix permits RowMajorMatrix, QuantizedMatrix {
  /**
   * Most bytes of weights of a call of machine code, which holds up garbage collection: 200
   * microseconds at 5 GB/s, less than any machine reads.
   */
  private static final int CALL_BYTES = 1 << 20;

  private final int rows;
  private final int columns;

  Matrix(int rows, int columns) {
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException("a matrix of " + rows + " rows, " + columns + " columns");
    }
    this.rows = rows;
    this.columns = columns;
  }

  /**
   * A matrix over memory.
   *
   * @param type how the weights are stored
   * @param data the weights, row after row or in the panels of {@link PanelLayout}; exactly as long
   *     as the type needs; any alignment, but panels are read fastest at a multiple of 64
   * @param rows number of outputs
   * @param columns number of inputs
   * @return a view of the memory, no copy
   */
  public static Matrix of(WeightType type, MemorySegment data, int rows, int columns) {
    return switch (type) {
      case F32 -> new F32Matrix(data, rows, columns);
      case BF16 -> new Bf16Matrix(data, rows, columns);
      case F16 -> new F16Matrix(data, rows, columns);
      case Q8 -> new Q8Matrix(data, rows, columns);
      case Q4 -> new Q4Matrix(data, rows, columns);
    };
  }

  /**
   * Outputs.
   *
   * @return at least 1
   */
  public final int rows() {
    return rows;
  }

  /**
   * Inputs.
   *
   * @return at least 1
   */
  public final int columns() {
    return columns;
  }

  /**
   * How the weights are stored.
   *
   * @return the type
   */
  public abstract WeightType type();

  /**
   * The memory the weights take.
   *
   * @return bytes
   */
  public abstract long byteSize();

  /**
   * Some of the rows, without a copy: one head's part of a matrix.
   *
   * @param firstRow index of the first row
   * @param rowCount how many, at least 1
   * @return a view of the same memory
   */
  public abstract Matrix slice(int firstRow, int rowCount);

  /**
   * One row as floats: the embedding of a token.
   *
   * @param row index of the row
   * @param target receives {@link #columns()} values
   * @param offset where they go
   */
  public abstract void copyRow(int row, float[] target, int offset);

  /**
   * Product with one to four tokens: {@code y[yOffset + t * yStride + r] = sum over c of w[first +
   * r][c] * x[t][c]}. The first row is a multiple of {@link Panels#ROWS}.
   */
  abstract void multiply(Operand x, int firstRow, int lastRow, float[] y, int yOffset, int yStride);

  /**
   * The kernels that multiply this matrix as machine code; null where it is done in Java.
   *
   * @param group how many tokens they have to multiply at once
   */
  final @Nullable ProductKernels products(int group) {
    return group <= Operand.MAX_TOKENS
        ? MachineProducts.ofFewTokens(type())
        : MachineProducts.ofGroups(type());
  }

  /**
   * How many of some tokens are multiplied at once by the matrix as it is stored; 0 if it is faster
   * to unpack panels of it for products with many tokens.
   */
  int group(int tokens) {
    return tokens <= fewTokens() ? Operand.MAX_TOKENS : 0;
  }

  /**
   * How many of some tokens are multiplied at once by the matrix as it is stored if each is to have
   * the bits that it has alone.
   */
  int exactGroup(int tokens) {
    return Operand.MAX_TOKENS;
  }

  /** Whether the bits of {@link #multiply} depend on which rows are multiplied together. */
  boolean dependsOnCut() {
    return false;
  }

  /** Whether so many tokens are multiplied by {@link SplitProduct}, if a library does not do it. */
  boolean isSplit(int tokens) {
    return false;
  }

  /** Says what kernels of Java a product with one to four tokens is about to use. */
  abstract void wantForTokens(int tokens);

  /** The same of {@link #unpack}. */
  abstract void wantForPanels();

  /** The same product as machine code, if there are {@link #products}. */
  final void multiply(
      ProductKernels products,
      TokenVectors x,
      ProductResults results,
      int firstRow,
      int lastRow,
      float[] y,
      int yOffset,
      int yStride) {
    Objects.checkFromToIndex(firstRow, lastRow, rows);
    int step = wholePanels(CALL_BYTES);
    for (int row = firstRow; row < lastRow; row += step) {
      int count = Math.min(step, lastRow - row);
      int to = yOffset + row - firstRow;
      x.multiply(
          products, data(), offset(row), depth(), height(count), results, count, y, to, yStride);
    }
  }

  /** The memory of all weights. */
  abstract MemorySegment data();

  /** Where a row, or the panel that begins with it, lies in {@link #data}. */
  abstract long offset(int row);

  /** Columns of rows, or blocks of panels. */
  abstract int depth();

  /** How many rows, or panels, hold so many rows. */
  abstract int height(int count);

  /** Rows of whole panels that take so many bytes, a panel at least; rows of one call at most. */
  final int wholePanels(int bytes) {
    long panelBytes = Math.max(1, byteSize() * Panels.ROWS / rows);
    int most = ProductResults.ROWS / Panels.ROWS;
    return Math.clamp(bytes / panelBytes, 1, most) * Panels.ROWS;
  }

  /**
   * Unpacks weights for products with many tokens: {@code panel[c * 32 + r] = w[firstRow + r]
   * [firstColumn + c]}, zeros for rows past the end.
   */
  abstract void unpack(
      int firstRow, int firstColumn, int columnCount, float[] panel, float[] scratch);

  /** Whether {@link #floats} can be had: rows of floating-point weights, one behind the other. */
  boolean isRowMajor() {
    return false;
  }

  /** Some rows of row-major weights as they are stored. */
  MemorySegment stored(int firstRow, int lastRow) {
    throw new UnsupportedOperationException(type() + " weights are not row-major");
  }

  /**
   * Some rows as floats for a library.
   *
   * @param scratch as many floats as the rows have, for weights that are no 32-bit floats
   * @return a view of the weights, or of the scratch array
   */
  MemorySegment floats(int firstRow, int lastRow, float[] scratch) {
    copyRows(firstRow, lastRow, scratch);
    return MemorySegment.ofArray(scratch);
  }

  /** Some rows as floats, one behind the other from the beginning of an array on. */
  final void copyRows(int firstRow, int lastRow, float[] target) {
    for (int row = firstRow; row < lastRow; row++) {
      copyRow(row, target, (row - firstRow) * columns);
    }
  }

  /** With so many tokens or fewer, {@link #multiply} is faster than other forms. */
  abstract int fewTokens();

  /** Checks the memory of a row-major matrix. */
  static MemorySegment checkRows(MemorySegment data, long bytesPerWeight, int rows, int columns) {
    return checkSize(
        data, Math.multiplyExact((long) rows * columns, bytesPerWeight), rows, columns);
  }

  static MemorySegment checkSize(MemorySegment data, long expected, int rows, int columns) {
    if (data.byteSize() != expected) {
      throw new IllegalArgumentException(
          "a matrix of "
              + rows
              + " x "
              + columns
              + " takes "
              + expected
              + " bytes, not "
              + data.byteSize());
    }
    return data;
  }
}
