package org.xlstm4j.engine.weights;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.machine.SplitTiles;
import org.xlstm4j.engine.machine.code.ProductResults;

/**
 * Scratch memory of a session's projections: what all members of a team share, and what each has
 * for itself.
 */
final class LinearScratch {
  private final List<Operand> operands = new ArrayList<>();
  private final float[][][] panels;
  private final float[][] pieces;
  private final float[][] rows;
  private final MemorySegment[] segments;
  private final @Nullable ProductResults[] results;
  private float[] packedTokens = new float[0];
  private @Nullable SplitProduct split;

  /**
   * Scratch memory.
   *
   * @param members of the team
   */
  LinearScratch(int members) {
    panels = new float[members][Panels.AT_ONCE][(Panels.COLUMNS + 1) * Panels.ROWS];
    pieces = new float[members][Panels.STRIDE * TileKernels.ROWS];
    rows = new float[members][0];
    segments = new MemorySegment[members];
    Arrays.setAll(segments, member -> MemorySegment.ofArray(rows[member]));
    results = new ProductResults[members];
  }

  /** Room for a group of tokens; asked for by one thread before others use it. */
  Operand operand(int index) {
    while (operands.size() <= index) {
      operands.add(new Operand());
    }
    return operands.get(index);
  }

  /** Products by tiles, where there are tiles. */
  @Nullable SplitProduct split() {
    SplitTiles tiles = MachineProducts.splitTiles();
    if (split == null && tiles != null) {
      split = new SplitProduct(tiles, this, panels.length);
    }
    return split;
  }

  /**
   * One member's unpacked panels, {@code [Panels.AT_ONCE][Panels.COLUMNS + 1][32]}: behind the
   * columns lies what the sums start at.
   */
  float[][] panels(int member) {
    return panels[member];
  }

  /** One member's scratch: eight rows, or a tile that does not fit its target. */
  float[] piece(int member) {
    return pieces[member];
  }

  /** One member's room for results of machine code. */
  ProductResults results(int member) {
    ProductResults found = results[member];
    if (found == null) {
      found = new ProductResults();
      results[member] = found;
    }
    return found;
  }

  /** One member's room for weights as floats. */
  float[] rows(int member, int length) {
    if (rows[member].length < length) {
      rows[member] = new float[length];
      segments[member] = MemorySegment.ofArray(rows[member]);
    }
    return rows[member];
  }

  /** The same as a segment. */
  MemorySegment floats(int member, int length) {
    rows(member, length);
    return segments[member];
  }

  /** Room for all tokens in tiles. */
  float[] packedTokens(int length) {
    if (packedTokens.length < length) {
      packedTokens = new float[length];
    }
    return packedTokens;
  }
}
