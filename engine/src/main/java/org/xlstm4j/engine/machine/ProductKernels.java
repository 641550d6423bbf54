package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.xlstm4j.engine.kernels.RowKernels;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.KernelCode;
import org.xlstm4j.engine.machine.code.ProductResults;
import org.xlstm4j.engine.machine.code.WeightFormat;

/**
 * Products of weights of one format with a few tokens: a kernel for each of some numbers of tokens.
 * Immutable and thread-safe.
 */
public final class ProductKernels {
  /** One to {@link RowKernels#MAX_TOKENS} tokens. */
  private static final List<Integer> FEW = List.of(1, 2, 3, 4);

  private final WeightFormat format;
  private final int[] sizes;
  private final MemorySegment[] codes;

  private ProductKernels(WeightFormat format, int[] sizes, MemorySegment[] codes) {
    this.format = format;
    this.sizes = sizes;
    this.codes = codes;
  }

  /** For one to four tokens. */
  static ProductKernels make(WeightFormat format, KernelCode code) {
    return of(format, listings(format, code, FEW));
  }

  private static List<Code> listings(WeightFormat format, KernelCode code, List<Integer> sizes) {
    List<Code> listings = new ArrayList<>();
    for (int tokens : sizes) {
      listings.add(code.product(format, tokens));
    }
    return listings;
  }

  /** Of the code for one, two and more tokens. */
  static ProductKernels of(WeightFormat format, List<? extends Code> listings) {
    int[] sizes = IntStream.rangeClosed(1, listings.size()).toArray();
    return new ProductKernels(format, sizes, CodeMemory.executable(listings));
  }

  /** These, and those that a level has for larger groups of tokens. */
  ProductKernels withGroups(KernelCode code) {
    List<Integer> more = code.groupSizes(format);
    return withGroups(more, listings(format, code, more));
  }

  /** These, and the code for larger groups of tokens. */
  ProductKernels withGroups(List<Integer> more, List<? extends Code> listings) {
    int count = sizes.length;
    int[] allSizes = Arrays.copyOf(sizes, count + more.size());
    MemorySegment[] allCodes = Arrays.copyOf(codes, allSizes.length);
    MemorySegment[] moreCodes = CodeMemory.executable(listings);
    for (int i = 0; i < more.size(); i++) {
      allSizes[count + i] = more.get(i);
      allCodes[count + i] = moreCodes[i];
    }
    return new ProductKernels(format, allSizes, allCodes);
  }

  /** What the weights have to be. */
  public WeightFormat format() {
    return format;
  }

  /** Most tokens that are multiplied at once. */
  public int mostTokens() {
    return sizes[sizes.length - 1];
  }

  /**
   * For how many tokens the kernel is that multiplies so many.
   *
   * @param tokens 1 to {@link #mostTokens}
   * @return at least as many
   */
  public int size(int tokens) {
    return sizes[index(tokens)];
  }

  private int index(int tokens) {
    int index = 0;
    while (sizes[index] < tokens) {
      index++;
    }
    return index;
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
        codes[index(x.places())],
        weights,
        x.address(format),
        results.address(),
        depth,
        height,
        offset);
  }
}
