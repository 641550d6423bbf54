package org.xlstm4j.engine.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.kernels.RowKernels;
import org.xlstm4j.engine.machine.code.ProductResults;
import org.xlstm4j.engine.machine.code.WeightFormat;

/**
 * Multiplies something tiny by new kernels and compares with what loops of Java come to, so that a
 * processor that does not keep its promises costs speed and not results.
 */
final class ProductCheck {
  /**
   * Whole lines and vectors of all levels, an odd number of eight columns, a tail and an odd
   * column.
   */
  private static final int ODD_COLUMNS = 91;

  /** Rows of whole lines, which have a head where the first one begins within a line. */
  private static final int COLUMNS_OF_LINES = 96;

  /** Six blocks: as many as kernels of tiles are at work on, and more. */
  private static final int COLUMNS_OF_BLOCKS = 179;

  private static final int BEGIN = 8;

  /** Some groups of rows and one more. */
  private static final int ROWS = 17;

  /** A pair of panels and one more. */
  private static final int PANELS = 3;

  /** Bytes of a vector, so that vectors next to each other differ. */
  private static final int VECTOR = 32;

  /** Different scales of activations: more than registers that hold them. */
  private static final int POWERS = 13;

  /** Larger than any rounding of sums here. */
  private static final double ROUNDING = 2e-5;

  private final ProductKernels kernels;
  private final WeightFormat format;
  private final TokenVectors tokens;
  private final ProductResults results = new ProductResults();
  private final int rows;

  ProductCheck(ProductKernels kernels, TokenVectors tokens) {
    this.kernels = kernels;
    this.format = kernels.format();
    this.tokens = tokens;
    this.rows = format.isQuantized() ? PANELS * PanelKernels.ROWS : ROWS;
  }

  boolean isRight() {
    return isRightAbove(0);
  }

  /** Only the kernels for more than so many tokens, where the others were checked before. */
  boolean isRightAbove(int tokenCount) {
    int most = format.isQuantized() ? COLUMNS_OF_BLOCKS : COLUMNS_OF_LINES;
    boolean oddIsEnough = format.isQuantized() && kernels.mostTokens() <= RowKernels.MAX_TOKENS;
    return isRight(ODD_COLUMNS, tokenCount) && (oddIsEnough || isRight(most, tokenCount));
  }

  private boolean isRight(int columns, int above) {
    ByteBuffer stored = stored(columns);
    float[] w = new float[rows * columns];
    for (int i = 0; i < w.length; i++) {
      w[i] = weight(stored, i / columns, i % columns, columns);
    }
    float[] x = new float[kernels.mostTokens() * columns];
    for (int i = 0; i < x.length; i++) {
      x[i] = activation(i / columns, i % columns);
    }
    try (Arena arena = Arena.ofShared()) {
      MemorySegment weights = arena.allocate(BEGIN + stored.capacity(), 64).asSlice(BEGIN);
      weights.copyFrom(MemorySegment.ofBuffer(stored));
      boolean right = true;
      int count = above;
      while (count < kernels.mostTokens()) {
        count = kernels.size(count + 1);
        right &= isRight(weights, w, x, columns, count);
      }
      return right;
    }
  }

  private boolean isRight(MemorySegment weights, float[] w, float[] x, int columns, int count) {
    tokens.set(x, 0, columns, count, count, columns);
    tokens.prepare(format);
    float[] y = new float[count * rows];
    int depth = format.isQuantized() ? PanelKernels.blocks(columns) : columns;
    int height = format.isQuantized() ? PANELS : rows;
    results.clear();
    tokens.multiply(kernels, weights, 0, depth, height, results, rows, y, 0, rows);
    for (int i = 0; i < y.length; i++) {
      int row = i % rows * columns;
      int token = i / rows * columns;
      double sum = 0;
      for (int column = 0; column < columns; column++) {
        sum += (double) w[row + column] * x[token + column];
      }
      if (!(Math.abs(y[i] - sum) <= ROUNDING)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Exact when it is quantized: a multiple of a power of two, of which a block has the largest. The
   * powers of tokens that are near each other differ.
   */
  private static float activation(int token, int column) {
    boolean largest = column % PanelKernels.COLUMNS == 0;
    int value = largest ? 127 : (37 * column + 101 * token) % 255 - 127;
    return value / (float) (128 << token % POWERS);
  }

  /** Weights from -1 to 1 of any bits. */
  private ByteBuffer stored(int columns) {
    if (format.isQuantized()) {
      int bytes = blockBytes();
      ByteBuffer stored = buffer(PANELS * PanelKernels.blocks(columns) * bytes);
      for (int at = 0; at < stored.capacity(); at++) {
        boolean inScales = at % bytes < PanelKernels.SCALE_BYTES;
        stored.put(at, (byte) (inScales ? scaleByte(at) : at * 151 + at / VECTOR));
      }
      return stored;
    }
    ByteBuffer stored = buffer(rows * columns * weightBytes());
    while (stored.hasRemaining()) {
      float value = (stored.position() / weightBytes() * 29 % 61 - 30) / 32f;
      switch (format) {
        case F32 -> stored.putFloat(value);
        case BF16 -> stored.putShort((short) (Float.floatToRawIntBits(value) >> Short.SIZE));
        default -> stored.putShort(Float.floatToFloat16(value));
      }
    }
    return stored.rewind();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private int weightBytes() {
    return format == WeightFormat.F32 ? Float.BYTES : Short.BYTES;
  }

  private int blockBytes() {
    return format == WeightFormat.Q8 ? PanelKernels.Q8_BLOCK : PanelKernels.Q4_BLOCK;
  }

  /**
   * Scales from 2^-7 on for 8 bits, from 2^-5 on and with any zero point for 4 bits. Those of rows
   * that are in the same lane of vectors one after the other differ.
   */
  private int scaleByte(int at) {
    int row = at / Short.BYTES;
    if (at % Short.BYTES == 0) {
      return at & 63;
    }
    int fraction = (row + row / Byte.SIZE) % Byte.SIZE;
    return format == WeightFormat.Q8 ? 17 << 3 : (19 << 3) + fraction;
  }

  private float weight(ByteBuffer stored, int row, int column, int columns) {
    int at = row * columns + column;
    int panel = row / PanelKernels.ROWS * PanelKernels.blocks(columns);
    int block = (panel + column / PanelKernels.COLUMNS) * blockBytes();
    int lane = row % PanelKernels.ROWS;
    int inBlock = column % PanelKernels.COLUMNS;
    return switch (format) {
      case F32 -> stored.getFloat(Float.BYTES * at);
      case BF16 -> Float.intBitsToFloat(stored.getShort(Short.BYTES * at) << Short.SIZE);
      case F16 -> Float.float16ToFloat(stored.getShort(Short.BYTES * at));
      case Q8 -> {
        short scale = stored.getShort(block + Short.BYTES * lane);
        int word = stored.getInt(block + word(lane, inBlock / PanelKernels.Q8_GROUP));
        int value = PanelKernels.q8Weight(word, inBlock % PanelKernels.Q8_GROUP);
        yield PanelKernels.q8Scale(scale) * value;
      }
      case Q4 -> {
        short scale = stored.getShort(block + Short.BYTES * lane);
        int word = stored.getInt(block + word(lane, inBlock / PanelKernels.Q4_GROUP));
        int value = PanelKernels.q4Weight(word, inBlock % PanelKernels.Q4_GROUP);
        yield PanelKernels.q4Scale(scale) * (value - PanelKernels.q4Zero(scale));
      }
    };
  }

  /** Where the word of a panel's row and a group of columns lies in a block. */
  private static int word(int lane, int group) {
    return PanelKernels.SCALE_BYTES + group * PanelKernels.GROUP_BYTES + lane * Integer.BYTES;
  }
}
