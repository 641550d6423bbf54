package org.xlstm4j.engine.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.kernels.dispatch.KernelFamily;
import org.xlstm4j.engine.kernels.dispatch.KernelNeeds;
import org.xlstm4j.engine.machine.ProductKernels;

/** Integers with a scale per block of a row, in the panels of {@link PanelLayout}. */
abstract sealed class QuantizedMatrix extends Matrix permits Q8Matrix, Q4Matrix {
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final WeightType type;
  private final MemorySegment data;
  private final int blocks;

  QuantizedMatrix(WeightType type, MemorySegment data, int rows, int columns) {
    super(rows, columns);
    checkSize(data, PanelLayout.byteSize(type, rows, columns), rows, columns);
    this.type = type;
    this.data = data;
    this.blocks = (columns + PanelLayout.COLUMNS - 1) / PanelLayout.COLUMNS;
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
  final int fewTokens() {
    return Operand.MAX_TOKENS;
  }

  /** In integers, where machine code multiplies those. */
  @Override
  final int group(int tokens) {
    ProductKernels products = tokens <= fewTokens() ? null : MachineProducts.ofGroups(type);
    return products == null ? super.group(tokens) : products.mostTokens();
  }

  /** The sums of a group of any size have the order of one token's. */
  @Override
  final int exactGroup(int tokens) {
    return Math.max(group(tokens), Operand.MAX_TOKENS);
  }

  /** Only at whole panels: the first row must be a multiple of the panel's rows. */
  @Override
  public final Matrix slice(int firstRow, int rowCount) {
    if (firstRow % PanelLayout.ROWS != 0) {
      throw new IllegalArgumentException(
          "quantized rows from " + firstRow + " on do not begin a panel of " + PanelLayout.ROWS);
    }
    long size = PanelLayout.byteSize(type, rowCount, columns());
    MemorySegment part = data.asSlice(blockOffset(firstRow, 0), size);
    return Matrix.of(type, part, rowCount, columns());
  }

  @Override
  final MemorySegment data() {
    return data;
  }

  @Override
  final void wantForTokens(int tokens) {
    KernelNeeds.want(KernelFamily.ACTIVATIONS);
    KernelFamily family = type == WeightType.Q8 ? KernelFamily.Q8 : KernelFamily.Q4;
    KernelNeeds.want(family, data, tokens * ((long) rows() * columns()));
  }

  @Override
  final void wantForPanels() {
    KernelNeeds.want(KernelFamily.UNPACKING);
  }

  @Override
  final long offset(int row) {
    return blockOffset(row, 0);
  }

  @Override
  final int depth() {
    return blocks;
  }

  @Override
  final int height(int count) {
    return (count + PanelLayout.ROWS - 1) / PanelLayout.ROWS;
  }

  /** Blocks a panel. */
  final int blocks() {
    return blocks;
  }

  /** Where the block lies that holds a weight. */
  final long blockOffset(int row, int column) {
    long block = (long) (row / PanelLayout.ROWS) * blocks + column / PanelLayout.COLUMNS;
    return block * PanelLayout.blockBytes(type);
  }
}
