package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.xlstm4j.engine.machine.code.WeightFormat;

/**
 * A matrix as it lies in a file, by the text of docs/format.md alone, and its weights one by one.
 */
final class TestMatrix {
  static final int PANEL = 32;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** What an integer weight is, and a scale word. */
  interface Integers {
    int weight(int row, int column);

    default int scaleWord(int row, int block) {
      return 7919 * (row + 32 * block + 1);
    }
  }

  final WeightFormat format;

  /** For integers a multiple of 32, as the columns are. */
  final int rows;

  final int columns;
  final MemorySegment memory;

  private TestMatrix(WeightFormat format, int rows, int columns, Room room) {
    this.format = format;
    this.rows = rows;
    this.columns = columns;
    memory = room.take(rows * rowBytes());
  }

  /** Weights of both signs that the format can hold. */
  static TestMatrix random(WeightFormat format, int rows, int columns, Room room) {
    Random random = new Random(31L * rows + columns);
    if (format.isQuantized()) {
      int most = format == WeightFormat.Q8 ? 256 : 16;
      int least = format == WeightFormat.Q8 ? -128 : 0;
      return integers(
          format, rows / PANEL, columns / PANEL, room, (r, c) -> least + random.nextInt(most));
    }
    return floats(format, rows, columns, room, random);
  }

  static TestMatrix floats(
      WeightFormat format, int rows, int columns, Room room, RandomGenerator random) {
    TestMatrix matrix = new TestMatrix(format, rows, columns, room);
    for (long at = 0; at < (long) rows * columns; at++) {
      float value = (float) random.nextGaussian();
      switch (format) {
        case F32 -> matrix.memory.set(FLOAT, 4 * at, value);
        case BF16 ->
            matrix.memory.set(SHORT, 2 * at, (short) (Float.floatToRawIntBits(value) >> 16));
        default -> matrix.memory.set(SHORT, 2 * at, Float.floatToFloat16(value));
      }
    }
    return matrix;
  }

  static TestMatrix integers(
      WeightFormat format, int panels, int blocks, Room room, Integers integers) {
    TestMatrix matrix = new TestMatrix(format, PANEL * panels, PANEL * blocks, room);
    for (int row = 0; row < matrix.rows; row++) {
      for (int block = 0; block < blocks; block++) {
        short word = (short) integers.scaleWord(row, block);
        matrix.memory.set(SHORT, matrix.block(row, block) + 2L * (row % PANEL), word);
      }
      for (int column = 0; column < matrix.columns; column++) {
        int value = integers.weight(row, column);
        long place = matrix.place(row, column);
        if (format == WeightFormat.Q4) {
          int others = matrix.memory.get(ValueLayout.JAVA_BYTE, place);
          boolean high = column % 8 >= 4;
          value = high ? (others & 0x0f) | (value << 4) : (others & 0xf0) | value;
        }
        matrix.memory.set(ValueLayout.JAVA_BYTE, place, (byte) value);
      }
    }
    return matrix;
  }

  int blocks() {
    return columns / PANEL;
  }

  /** Bytes of a row, or of its share of the panel. */
  long rowBytes() {
    return switch (format) {
      case F32 -> 4L * columns;
      case BF16, F16 -> 2L * columns;
      case Q8, Q4 -> (long) blocks() * blockBytes() / PANEL;
    };
  }

  /** Bytes of a block of 32 rows and 32 columns. */
  private int blockBytes() {
    return format == WeightFormat.Q8 ? 1088 : 576;
  }

  private long block(int row, int block) {
    return ((long) (row / PANEL) * blocks() + block) * blockBytes();
  }

  private long place(int row, int column) {
    int group = column % PANEL / (format == WeightFormat.Q8 ? 4 : 8);
    return block(row, column / PANEL) + 64 + 128L * group + 4L * (row % PANEL) + column % 4;
  }

  /** Of a format of floats. */
  float weight(int row, int column) {
    long at = (long) row * columns + column;
    return switch (format) {
      case F32 -> memory.get(FLOAT, 4 * at);
      case BF16 -> Float.intBitsToFloat(memory.get(SHORT, 2 * at) << 16);
      default -> Float.float16ToFloat(memory.get(SHORT, 2 * at));
    };
  }

  /** Of a format of integers: as it is stored. */
  int integer(int row, int column) {
    int value = memory.get(ValueLayout.JAVA_BYTE, place(row, column));
    return format == WeightFormat.Q8 ? value : (column % 8 < 4 ? value : value >> 4) & 15;
  }

  private int scaleWord(int row, int block) {
    return Short.toUnsignedInt(memory.get(SHORT, block(row, block) + 2L * (row % PANEL)));
  }

  /** What integers of a block are to be multiplied by. */
  float scale(int row, int block) {
    int word = scaleWord(row, block);
    double fraction = format == WeightFormat.Q8 ? (word & 2047) / 2048.0 : (word >> 6 & 31) / 32.0;
    return (float) (Math.scalb(1.0, (word >> 11) - 24) * (1 + fraction));
  }

  /** In quarters. */
  int zeroPoint(int row, int block) {
    return format == WeightFormat.Q8 ? 0 : scaleWord(row, block) & 63;
  }
}
