package org.xlstm4j.loader.quantize;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.weights.PanelLayout;

/**
 * Turns a matrix, given a panel of 32 rows at a time, into the panels of {@link PanelLayout}, and
 * adds up the errors it makes. Not thread-safe: several of them may share the panels of a matrix.
 */
public final class PanelQuantizer {
  /** Columns that hardly matter count this much of the average: none may be thrown away. */
  private static final double LEAST_IMPORTANCE = 1e-3;

  private final WeightType type;
  private final int columns;
  private final float[] importance;
  private final BlockQuantizer blocks;
  private double squaredError;
  private double squaredSum;

  private PanelQuantizer(WeightType type, int columns, float[] importance, BlockQuantizer blocks) {
    this.type = type;
    this.columns = columns;
    this.importance = importance;
    this.blocks = blocks;
  }

  /**
   * A quantizer that searches the scales of the least squared error: for weights that matter.
   *
   * @param type {@link WeightType#Q8} or {@link WeightType#Q4}
   * @param columns of the matrix
   * @return the quantizer
   */
  public static PanelQuantizer searching(WeightType type, int columns) {
    float[] even = new float[columns];
    Arrays.fill(even, 1);
    return new PanelQuantizer(type, columns, even, blocks(type, true));
  }

  /**
   * A quantizer that searches the scales of the least squared error, columns weighted.
   *
   * @param type {@link WeightType#Q8} or {@link WeightType#Q4}
   * @param importance how much an error in a column counts, such as the mean square of its input;
   *     one finite number of at least 0 a column
   * @return the quantizer
   */
  public static PanelQuantizer weighted(WeightType type, float[] importance) {
    double mean = 0;
    for (float value : importance) {
      if (!(value >= 0 && Float.isFinite(value))) {
        throw new IllegalArgumentException("an importance of " + value);
      }
      mean += (double) value / importance.length;
    }
    float[] counts = new float[importance.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = mean == 0 ? 1 : (float) Math.max(importance[i] / mean, LEAST_IMPORTANCE);
    }
    return new PanelQuantizer(type, counts.length, counts, blocks(type, true));
  }

  /**
   * A quantizer that takes the scale from the largest weights: fast, for random models.
   *
   * @param type {@link WeightType#Q8} or {@link WeightType#Q4}
   * @param columns of the matrix
   * @return the quantizer
   */
  public static PanelQuantizer nearest(WeightType type, int columns) {
    float[] even = new float[columns];
    Arrays.fill(even, 1);
    return new PanelQuantizer(type, columns, even, blocks(type, false));
  }

  private static BlockQuantizer blocks(WeightType type, boolean searching) {
    return switch (type) {
      case Q8 -> new Q8BlockQuantizer(searching);
      case Q4 -> new Q4BlockQuantizer(searching);
      default -> throw new IllegalArgumentException(type + " weights do not come in panels");
    };
  }

  /**
   * Bytes of a panel.
   *
   * @return a multiple of 64
   */
  public long panelBytes() {
    return PanelLayout.byteSize(type, 1, columns);
  }

  /**
   * Quantizes a panel.
   *
   * @param rows the weights, row after row, finite
   * @param count how many rows, 1 to 32; the panel is filled up with zeros
   * @param panel receives {@link #panelBytes()} bytes
   */
  public void quantize(float[] rows, int count, MemorySegment panel) {
    int blockBytes = PanelLayout.blockBytes(type);
    int width = PanelLayout.COLUMNS * BlockQuantizer.BLOCKS;
    for (int first = 0; first < columns; first += width) {
      int length = Math.min(width, columns - first);
      take(rows, count, first, length);
      blocks.search();
      squaredError += blocks.squaredError();
      int present = (length + PanelLayout.COLUMNS - 1) / PanelLayout.COLUMNS;
      for (int block = 0; block < present; block++) {
        int index = first / PanelLayout.COLUMNS + block;
        blocks.store(block, panel, (long) index * blockBytes);
      }
    }
  }

  /** Moves some columns to where the quantizer of blocks wants them. */
  private void take(float[] rows, int count, int first, int length) {
    if (length < PanelLayout.COLUMNS * BlockQuantizer.BLOCKS || count < PanelLayout.ROWS) {
      Arrays.fill(blocks.weights, 0);
      Arrays.fill(blocks.importance, 0);
    }
    for (int column = 0; column < length; column++) {
      int block = column / PanelLayout.COLUMNS;
      int to = column % PanelLayout.COLUMNS * BlockQuantizer.LANES + block * PanelLayout.ROWS;
      Arrays.fill(blocks.importance, to, to + count, importance[first + column]);
      double sum = 0;
      for (int row = 0; row < count; row++) {
        float weight = rows[row * columns + first + column];
        blocks.weights[to + row] = weight;
        sum += (double) weight * weight;
      }
      squaredSum += sum;
    }
  }

  /**
   * The sum of the squared errors of all panels so far.
   *
   * @return at least 0
   */
  public double squaredError() {
    return squaredError;
  }

  /**
   * The sum of the squares of all weights so far.
   *
   * @return at least 0
   */
  public double squaredSum() {
    return squaredSum;
  }
}
