package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.engine.kernels.RowKernels;
import org.xlstm4j.engine.machine.assembler.Listing;

/**
 * Products of weights of one format with one to four tokens: a kernel for each number of tokens.
 * Immutable and thread-safe.
 */
public final class ProductKernels {
  private final WeightFormat format;
  private final MemorySegment[] codes;

  private ProductKernels(WeightFormat format, MemorySegment[] codes) {
    this.format = format;
    this.codes = codes;
  }

  static ProductKernels make(WeightFormat format, MachineLevel level) {
    List<Listing> listings = new ArrayList<>();
    for (int tokens = 1; tokens <= RowKernels.MAX_TOKENS; tokens++) {
      listings.add(format.listing(level, tokens));
    }
    return of(format, listings);
  }

  /** Of the code for each number of tokens. */
  static ProductKernels of(WeightFormat format, List<Listing> listings) {
    return new ProductKernels(format, CodeMemory.executable(listings));
  }

  /** What the weights have to be. */
  public WeightFormat format() {
    return format;
  }

  /**
   * Multiplies: {@code y[t][r] = sum over c of w[r][c] * x[t][c]}. Nothing is checked here: all
   * sizes are to be right.
   *
   * @param weights memory of the whole matrix
   * @param offset where the first row, or its panel, begins
   * @param x the tokens
   * @param depth columns, or blocks a panel
   * @param height rows, or panels; at most {@link ProductResults#ROWS} rows
   * @param results receives the results
   */
  void multiply(
      MemorySegment weights,
      long offset,
      TokenVectors x,
      int depth,
      int height,
      ProductResults results) {
    NativeCall.call(
        codes[x.tokens() - 1],
        weights,
        x.address(format),
        results.address(),
        depth,
        height,
        offset);
  }
}
