package org.xlstm4j.engine.machine;

import java.util.List;
import org.xlstm4j.engine.machine.assembler.Listing;

/** How weights are stored, as far as products with a few tokens tell it apart. */
public enum WeightFormat {
  /** Row after row, 32-bit floats. */
  F32,
  /** Row after row, the upper halves of 32-bit floats. */
  BF16,
  /** Row after row, 16-bit floats of IEEE 754. */
  F16,
  /** Panels of 8-bit integers. */
  Q8,
  /** Panels of 4-bit integers. */
  Q4;

  /** Whether they are multiplied by quantized activations. */
  boolean isQuantized() {
    return this == Q8 || this == Q4;
  }

  /**
   * How many tokens there are kernels for at a level, besides those for one to {@link
   * RowKernels#MAX_TOKENS}. With 32 registers, the sums of twelve tokens have room in them; a tile
   * has sixteen.
   */
  List<Integer> groupSizes(MachineLevel level) {
    if (!isQuantized() || level.compareTo(MachineLevel.AVX512_VNNI) < 0) {
      return List.of();
    }
    return level.hasTiles() ? List.of(8, 12, TileProduct.TOKENS) : List.of(8, 12);
  }

  /** The kernel of a level for a number of tokens. */
  Listing listing(MachineLevel level, int tokens) {
    if (tokens == TileProduct.TOKENS) {
      return TileProduct.listing(this);
    }
    return switch (this) {
      case F32, BF16, F16 -> RowProduct.listing(this, level, tokens);
      case Q8 -> Q8Product.listing(level, tokens);
      case Q4 -> Q4Product.listing(level, tokens);
    };
  }
}
