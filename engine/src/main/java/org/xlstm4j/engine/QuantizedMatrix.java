package org.xlstm4j.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.kernels.KernelFamily;
import org.xlstm4j.engine.kernels.Kernels;
import org.xlstm4j.engine.machine.ProductKernels;

/** Integers with a scale per block of a row, in the panels of {@link PanelLayout}. */
abstract sealed class QuantizedMatrix extends Matrix permits Q8Matrix, Q4Matrix {
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final WeightType type;
  private final MemorySegment data;
  private final int blocks;
  private final @Nullable ProductKernels products;

  /** Made when a prompt asks for them; whichever thread sets them sets the same. */
  private volatile @Nullable ProductKernels groupProducts;

  QuantizedMatrix(WeightType type, MemorySegment data, int rows, int columns) {
    super(rows, columns);
    checkSize(data, PanelLayout.byteSize(type, rows, columns), rows, columns);
    Kernels.met(data);
    this.products = KernelPath.products(type);
    if (products == null) {
      Kernels.want(KernelFamily.ACTIVATIONS);
      KernelFamily family = type == WeightType.Q8 ? KernelFamily.Q8 : KernelFamily.Q4;
      Kernels.want(family, (long) rows * columns);
    }
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
    if (tokens <= fewTokens() || products == null) {
      return super.group(tokens);
    }
    ProductKernels found = groupProducts;
    if (found == null) {
      found = Objects.requireNonNullElse(KernelPath.groupProducts(type), products);
      groupProducts = found;
    }
    return found.mostTokens();
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
  final @Nullable ProductKernels products(int group) {
    return group <= Operand.MAX_TOKENS ? products : groupProducts;
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
