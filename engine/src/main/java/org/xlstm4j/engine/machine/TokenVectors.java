package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.machine.code.ActivationBlock;
import org.xlstm4j.engine.machine.code.ProductResults;
import org.xlstm4j.engine.machine.code.TokenRows;
import org.xlstm4j.engine.machine.code.WeightFormat;

/**
 * Some tokens in the forms that {@link ProductKernels} read, off-heap: their values, the values
 * with even and odd columns apart, and quantized blocks. Each form is made when it is first asked
 * for. Memory grows to the largest size. Not thread-safe, but once the forms are made, several
 * threads may multiply by them.
 */
public final class TokenVectors {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final int SPLIT_AT_ONCE = 16;
  private static final float[] ZEROS = new float[3 * SPLIT_AT_ONCE];

  private final TokenKernels kernels;
  private MemorySegment plain = MemorySegment.NULL;
  private MemorySegment split = MemorySegment.NULL;
  private MemorySegment quantized = MemorySegment.NULL;
  private int tokens;
  private int places;
  private int columns;
  private boolean hasSplit;
  private boolean hasQuantized;

  /** No tokens so far. */
  TokenVectors(TokenKernels kernels) {
    this.kernels = kernels;
  }

  /** How many there are. */
  int tokens() {
    return tokens;
  }

  /** For how many tokens the kernels are that multiply these. */
  int places() {
    return places;
  }

  /**
   * Takes tokens in.
   *
   * @param x values of the tokens, one after the other from {@code offset} on
   * @param offset index of token 0's first value
   * @param stride distance between two tokens, of any sign
   * @param tokenCount at least 1
   * @param size for how many tokens the kernels are that will multiply them; what is more than
   *     there are becomes zeros
   * @param columnCount values a token
   */
  public void set(float[] x, int offset, int stride, int tokenCount, int size, int columnCount) {
    tokens = tokenCount;
    places = size;
    columns = columnCount;
    hasSplit = false;
    hasQuantized = false;
    long bytes = TokenRows.stride(columns);
    plain = GrowingMemory.sized(plain, bytes * places);
    for (int token = 0; token < tokens; token++) {
      long to = token * bytes;
      MemorySegment.copy(x, offset + token * stride, plain, FLOAT, to, columns);
      clear(plain, to, columns, bytes);
    }
    if (tokens < places) {
      plain.asSlice(bytes * tokens, bytes * (places - tokens)).fill((byte) 0);
    }
  }

  /** Makes the form that weights of a format are multiplied by, if it is not there. */
  public void prepare(WeightFormat format) {
    if (format == WeightFormat.BF16 && !hasSplit) {
      split();
    } else if (format.isQuantized() && !hasQuantized) {
      quantize();
    }
  }

  private void split() {
    long bytes = TokenRows.stride(columns / 2 + 1);
    int pieces = (columns + SPLIT_AT_ONCE - 1) / SPLIT_AT_ONCE;
    split = GrowingMemory.sized(split, 2 * bytes * places);
    for (int token = 0; token < places; token++) {
      long even = 2L * token * bytes;
      long odd = even + bytes;
      kernels.split(plain, token * TokenRows.stride(columns), split, even, odd, pieces);
      clear(split, even, pieces * (SPLIT_AT_ONCE / 2), bytes);
      clear(split, odd, pieces * (SPLIT_AT_ONCE / 2), bytes);
    }
    hasSplit = true;
  }

  private void quantize() {
    int blocks = PanelKernels.blocks(columns);
    int step = places * ActivationBlock.BYTES;
    quantized = GrowingMemory.sized(quantized, (long) blocks * step);
    for (int token = 0; token < places; token++) {
      long from = token * TokenRows.stride(columns);
      long to = (long) token * ActivationBlock.BYTES;
      kernels.quantize(plain, from, quantized, to, blocks, step);
    }
    hasQuantized = true;
  }

  /**
   * Multiplies some rows of a matrix by these tokens: {@code y[yOffset + t * yStride + r] = sum
   * over c of w[r][c] * x[t][c]}.
   *
   * @param product of the matrix's format, for which {@link #prepare} was called
   * @param weights memory of the whole matrix
   * @param offset where the first row, or its panel, begins
   * @param depth columns, or blocks a panel
   * @param height rows, or panels
   * @param results the thread's own
   * @param rows how many results are wanted, at most {@link ProductResults#ROWS}
   */
  public void multiply(
      ProductKernels product,
      MemorySegment weights,
      long offset,
      int depth,
      int height,
      ProductResults results,
      int rows,
      float[] y,
      int yOffset,
      int yStride) {
    try {
      product.multiply(weights, offset, this, depth, height, results);
      results.copy(tokens, rows, y, yOffset, yStride);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  long address(WeightFormat format) {
    return switch (format) {
      case F32, F16 -> plain.address();
      case BF16 -> split.address();
      case Q8, Q4 -> quantized.address();
    };
  }

  /** Puts zeros behind values, as far as the memory of a token goes. */
  private static void clear(MemorySegment memory, long from, int values, long bytes) {
    int count = (int) (bytes / Float.BYTES) - values;
    MemorySegment.copy(ZEROS, 0, memory, FLOAT, from + (long) values * Float.BYTES, count);
  }
}
