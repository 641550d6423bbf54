package org.xlstm4j.engine.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.kernels.RowKernels;

/**
 * Multiplies something tiny by new kernels and compares with what loops of Java come to, so that a
 * processor that does not keep its promises costs speed and not results.
 */
final class ProductCheck {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Whole vectors of all levels, a head or a tail, and an odd column. */
  private static final int COLUMNS = 67;

  /** A group of rows and one more. */
  private static final int ROWS = 9;

  /** Larger than any rounding of sums here. */
  private static final double ROUNDING = 1e-4;

  /** Larger than what quantized activations add to it. */
  private static final double ROUNDED_ACTIVATIONS = 0.1;

  private final ProductKernels kernels;
  private final WeightFormat format;
  private final TokenVectors tokens;
  private final int blocks = PanelKernels.blocks(COLUMNS);

  ProductCheck(ProductKernels kernels, TokenVectors tokens) {
    this.kernels = kernels;
    this.format = kernels.format();
    this.tokens = tokens;
  }

  boolean isRight() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment weights = weights(arena);
      float[] x = new float[RowKernels.MAX_TOKENS * COLUMNS];
      for (int i = 0; i < x.length; i++) {
        x[i] = (i * 37 % 101 - 50) / 50f;
      }
      boolean right = true;
      for (int count = 1; count <= RowKernels.MAX_TOKENS; count++) {
        right &= isRight(weights, x, count);
      }
      return right;
    }
  }

  private boolean isRight(MemorySegment weights, float[] x, int count) {
    tokens.set(x, 0, COLUMNS, count, COLUMNS);
    tokens.prepare(format);
    float[] y = new float[count * ROWS];
    boolean quantized = format.isQuantized();
    int depth = quantized ? blocks : COLUMNS;
    int height = quantized ? 1 : ROWS;
    double tolerance = quantized ? ROUNDED_ACTIVATIONS : ROUNDING;
    ProductResults results = new ProductResults();
    tokens.multiply(kernels, weights, 0, depth, height, results, ROWS, y, 0, ROWS);
    for (int i = 0; i < y.length; i++) {
      double sum = 0;
      for (int column = 0; column < COLUMNS; column++) {
        sum += (double) weight(weights, i % ROWS, column) * x[i / ROWS * COLUMNS + column];
      }
      if (!(Math.abs(y[i] - sum) <= tolerance)) {
        return false;
      }
    }
    return true;
  }

  /** Weights from -1 to 1 of any bits. */
  private MemorySegment weights(Arena arena) {
    if (format.isQuantized()) {
      int bytes = format == WeightFormat.Q8 ? PanelKernels.Q8_BLOCK : PanelKernels.Q4_BLOCK;
      MemorySegment weights = arena.allocate((long) blocks * bytes, 64);
      for (int at = 0; at < weights.byteSize(); at++) {
        boolean inScales = at % bytes < PanelKernels.SCALE_BYTES;
        weights.set(ValueLayout.JAVA_BYTE, at, (byte) (inScales ? scaleByte(at) : at * 151));
      }
      return weights;
    }
    int size = format == WeightFormat.F32 ? Float.BYTES : Short.BYTES;
    MemorySegment weights = arena.allocate((long) ROWS * COLUMNS * size, 64);
    for (int i = 0; i < ROWS * COLUMNS; i++) {
      float value = (i * 29 % 61 - 30) / 32f;
      switch (format) {
        case F32 -> weights.set(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) size * i, value);
        case BF16 ->
            weights.set(SHORT, (long) size * i, (short) (Float.floatToRawIntBits(value) >> 16));
        default -> weights.set(SHORT, (long) size * i, Float.floatToFloat16(value));
      }
    }
    return weights;
  }

  /** Scales of 2^-7 for 8 bits, of 2^-4 and with any zero point for 4 bits. */
  private int scaleByte(int at) {
    int exponent = format == WeightFormat.Q8 ? 17 : 20;
    return (at & 1) == 0 ? at & 63 : exponent << 3;
  }

  private float weight(MemorySegment weights, int row, int column) {
    long at = (long) row * COLUMNS + column;
    return switch (format) {
      case F32 -> weights.get(ValueLayout.JAVA_FLOAT_UNALIGNED, Float.BYTES * at);
      case BF16 -> Float.intBitsToFloat(weights.get(SHORT, Short.BYTES * at) << 16);
      case F16 -> Float.float16ToFloat(weights.get(SHORT, Short.BYTES * at));
      case Q8 -> {
        long block = (long) (column / PanelKernels.COLUMNS) * PanelKernels.Q8_BLOCK;
        int inBlock = column % PanelKernels.COLUMNS;
        byte value = weights.get(ValueLayout.JAVA_BYTE, block + place(row, inBlock, 4));
        yield PanelKernels.q8Scale(weights.get(SHORT, block + (long) Short.BYTES * row)) * value;
      }
      case Q4 -> {
        long block = (long) (column / PanelKernels.COLUMNS) * PanelKernels.Q4_BLOCK;
        int inBlock = column % PanelKernels.COLUMNS;
        int both = weights.get(ValueLayout.JAVA_BYTE, block + place(row, inBlock, 8));
        int value = (inBlock & 4) == 0 ? both & 15 : (both >> 4) & 15;
        short word = weights.get(SHORT, block + (long) Short.BYTES * row);
        yield PanelKernels.q4Scale(word) * (value - PanelKernels.q4Zero(word));
      }
    };
  }

  /** Where a weight's byte lies in its block, with so many columns a group. */
  private static long place(int row, int column, int group) {
    long word = (long) column / group * PanelKernels.ROWS + row;
    return PanelKernels.SCALE_BYTES + word * Integer.BYTES + column % 4;
  }
}
