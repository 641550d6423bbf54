package org.xlstm4j.engine.weights;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.kernels.LaneSums;
import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.kernels.dispatch.Kernels;

/** Weights row after row, as checkpoints hold them. */
abstract sealed class RowMajorMatrix extends Matrix permits F32Matrix, Bf16Matrix, F16Matrix {
  /**
   * Fewest tokens that are multiplied by tiles. With fewer than a tile has, most of what is
   * computed would be thrown away.
   */
  private static final int SPLIT_TOKENS = 16;

  /**
   * The same for weights other than bfloat16, which are split as well: a prompt of 64 tokens in F32
   * runs at 283 tokens a second with tiles and at 374 with vectors, one of 128 at 354 and 359, one
   * of 256 at 416 and 373 (219 M weights, Emerald Rapids, one thread).
   */
  private static final int SPLIT_WEIGHTS_TOKENS = 144;

  /**
   * Fewest columns of such weights: a picture of ViL-Tiny, 196 tokens of 192 and 384 columns, takes
   * 39 milliseconds with tiles and 37 with vectors (Emerald Rapids, one thread).
   */
  private static final int SPLIT_WEIGHTS_COLUMNS = 512;

  private final WeightType type;
  private final long bytesPerWeight;
  private final MemorySegment data;

  RowMajorMatrix(WeightType type, long bytesPerWeight, MemorySegment data, int rows, int columns) {
    super(rows, columns);
    this.type = type;
    this.bytesPerWeight = bytesPerWeight;
    this.data = checkRows(data, bytesPerWeight, rows, columns);
  }

  @Override
  public final WeightType type() {
    return type;
  }

  @Override
  public final long byteSize() {
    return data.byteSize();
  }

  @Override
  public final Matrix slice(int firstRow, int rowCount) {
    return of(type, stored(firstRow, firstRow + rowCount), rowCount, columns());
  }

  @Override
  public final void copyRow(int row, float[] target, int offset) {
    widen(byteOffset(row, 0), columns(), target, offset);
  }

  @Override
  void unpack(int firstRow, int firstColumn, int columnCount, float[] panel, float[] scratch) {
    for (int lane = 0; lane < Panels.ROWS; lane += TileKernels.ROWS) {
      packRows(firstRow + lane, firstColumn, columnCount, panel, lane, scratch);
    }
  }

  /**
   * Packs eight rows, of which those that do not exist are zeros.
   *
   * @param lane of the first of them in the panel
   * @param rows room for them
   */
  private void packRows(
      int firstRow, int firstColumn, int count, float[] panel, int lane, float[] rows) {
    for (int i = 0; i < TileKernels.ROWS; i++) {
      int to = i * Panels.STRIDE;
      if (firstRow + i < rows()) {
        widen(byteOffset(firstRow + i, firstColumn), count, rows, to);
      } else {
        Arrays.fill(rows, to, to + count, 0);
      }
    }
    Kernels.tiles().pack(rows, 0, Panels.STRIDE, count, panel, lane, Panels.ROWS);
  }

  @Override
  final boolean isRowMajor() {
    return true;
  }

  @Override
  final MemorySegment stored(int firstRow, int lastRow) {
    long from = byteOffset(firstRow, 0);
    return data.asSlice(from, byteOffset(lastRow, 0) - from);
  }

  @Override
  final long offset(int row) {
    return byteOffset(row, 0);
  }

  @Override
  final int depth() {
    return columns();
  }

  @Override
  final int height(int count) {
    return count;
  }

  @Override
  final boolean isSplit(int tokens) {
    boolean pays =
        type == WeightType.BF16
            ? tokens >= SPLIT_TOKENS
            : tokens >= SPLIT_WEIGHTS_TOKENS && columns() >= SPLIT_WEIGHTS_COLUMNS;
    return pays && SplitProduct.takes(columns()) && MachineProducts.splitTiles() != null;
  }

  @Override
  final int group(int tokens) {
    return isSplit(tokens) ? 0 : super.group(tokens);
  }

  /** 80 against 70 to 80 GFLOP/s at 64 tokens, 82 against 28 at 8; EPYC with AVX-512, one core. */
  @Override
  int fewTokens() {
    return 48;
  }

  /** Kernels of Java add up one token's products from another column on than those of several. */
  @Override
  int exactGroup(int tokens) {
    return products(1) == null ? 1 : Operand.MAX_TOKENS;
  }

  /** Kernels of Java begin all rows of a call at a column that depends on the first of them. */
  @Override
  final boolean dependsOnCut() {
    return products(1) == null && byteOffset(1, 0) % (LaneSums.LANES * (long) Float.BYTES) != 0;
  }

  /** Successive weights as floats. */
  abstract void widen(long from, int length, float[] target, int offset);

  @Override
  final MemorySegment data() {
    return data;
  }

  final long byteOffset(int row, int column) {
    return bytesPerWeight * ((long) row * columns() + column);
  }
}
