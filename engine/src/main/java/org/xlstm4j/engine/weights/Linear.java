package org.xlstm4j.engine.weights;

import java.util.Arrays;
import java.util.List;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.tokens.TokenWork;

/**
 * {@code y = W x + b} for every token. W may consist of several matrices that share the input, one
 * below the other: their products run as one parallel region and their results lie side by side.
 *
 * <p>Immutable and thread-safe.
 */
public final class Linear {
  private final Matrix[] parts;
  private final float[] bias;
  private final float[] sumStarts;
  private final int rows;
  private final int columns;
  private final int panelCount;
  private final boolean rowMajor;

  /**
   * A projection without bias.
   *
   * @param parts matrices with the same number of columns, in the order of their results
   */
  public Linear(Matrix... parts) {
    this(List.of(parts), new float[0]);
  }

  /**
   * A projection.
   *
   * @param parts matrices with the same number of columns, in the order of their results
   * @param bias one value a row of all parts, or none at all
   */
  public Linear(List<Matrix> parts, float[] bias) {
    this.parts = parts.toArray(Matrix[]::new);
    this.bias = bias.clone();
    this.columns = this.parts[0].columns();
    int rowSum = 0;
    int panelSum = 0;
    boolean allRows = true;
    for (Matrix part : this.parts) {
      if (part.columns() != columns) {
        throw new IllegalArgumentException(
            "parts with " + columns + " and " + part.columns() + " columns");
      }
      rowSum = Math.addExact(rowSum, part.rows());
      panelSum += Panels.count(part.rows());
      allRows &= part.isRowMajor();
    }
    this.rows = rowSum;
    this.panelCount = panelSum;
    this.rowMajor = allRows;
    if (bias.length != 0 && bias.length != rows) {
      throw new IllegalArgumentException(rows + " rows but " + bias.length + " biases");
    }
    this.sumStarts = Arrays.copyOf(bias, bias.length + Panels.ROWS);
  }

  /**
   * Outputs of all parts together.
   *
   * @return at least 1
   */
  public int rows() {
    return rows;
  }

  /**
   * Inputs.
   *
   * @return at least 1
   */
  public int columns() {
    return columns;
  }

  /**
   * The weights that a token is multiplied with; biases do not count.
   *
   * @return how many
   */
  public long weights() {
    return (long) rows * columns;
  }

  /**
   * Those of the {@link #weights()} that are quantized.
   *
   * @return how many
   */
  public long quantizedWeights() {
    long quantized = 0;
    for (Matrix part : parts) {
      if (part instanceof QuantizedMatrix) {
        quantized += (long) part.rows() * columns;
      }
    }
    return quantized;
  }

  /**
   * The memory a step reads.
   *
   * @return bytes of all weights
   */
  public long byteSize() {
    long bytes = (long) bias.length * Float.BYTES;
    for (Matrix part : parts) {
      bytes += part.byteSize();
    }
    return bytes;
  }

  /**
   * Computes the projection.
   *
   * @param workspace the session's
   * @param x input, {@link #columns()} values a token
   * @param tokens how many tokens, at least 1
   * @param y result, {@link #rows()} values a token; must not overlap {@code x}
   */
  public void apply(Workspace workspace, Columns x, int tokens, Columns y) {
    apply(workspace, TokenWork.NONE, x, tokens, y);
  }

  /**
   * Makes the input and computes the projection.
   *
   * @param workspace the session's
   * @param before fills {@code x}, in the team's threads
   * @param x input, {@link #columns()} values a token
   * @param tokens how many tokens, at least 1
   * @param y result, {@link #rows()} values a token; must not overlap {@code x}
   */
  public void apply(Workspace workspace, TokenWork before, Columns x, int tokens, Columns y) {
    LinearRegion.of(workspace).apply(this, before, x, tokens, y);
  }

  /**
   * Shows the inputs of all projections of a session from now on.
   *
   * @param workspace the session's
   * @param observer is called in the session's thread
   */
  public static void observe(Workspace workspace, LinearObserver observer) {
    LinearRegion.of(workspace).observe(observer);
  }

  /**
   * From now on, every token gets the same bits from a workspace's projections as it would alone,
   * however many tokens there are. Otherwise the sums of many tokens may be computed in another
   * order where that is faster.
   *
   * @param workspace whose projections
   */
  public static void keepBits(Workspace workspace) {
    LinearRegion.of(workspace).keepBits();
  }

  Matrix[] parts() {
    return parts;
  }

  float[] bias() {
    return bias;
  }

  /** What a panel's sums start at, from {@link #sumStart} on: biases, zeros behind the last. */
  float[] sumStarts() {
    return sumStarts;
  }

  /** Where the panel that begins with a row starts; without biases, all start at the zeros. */
  int sumStart(int row) {
    return bias.length == 0 ? 0 : row;
  }

  int panelCount() {
    return panelCount;
  }

  boolean isRowMajor() {
    return rowMajor;
  }
}
