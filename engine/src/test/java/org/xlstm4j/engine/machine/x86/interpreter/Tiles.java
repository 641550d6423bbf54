package org.xlstm4j.engine.machine.x86.interpreter;

import java.util.Arrays;
import org.xlstm4j.engine.machine.x86.assembler.Tile;

/** The tile registers of an interpreted processor, as lanes of 32 bits. */
final class Tiles {
  private static final int COUNT = 8;
  private static final int LANES = Tile.ROW_BYTES / Integer.BYTES;

  private final int[][][] lanes = new int[COUNT][Tile.ROWS][LANES];
  private final int[] rows = new int[COUNT];
  private final int[] rowLanes = new int[COUNT];
  private boolean configured;

  /** What {@code ldtilecfg} does with 64 bytes; all tiles become zeros. */
  void configure(ProcessorState state, long address) {
    if ((byte) state.readShort(address) != 1) {
      throw new IllegalStateException("palette " + (byte) state.readShort(address));
    }
    for (int tile = 0; tile < COUNT; tile++) {
      int bytes = state.readShort(address + 16 + 2L * tile);
      rows[tile] = state.readShort(address + 48 + (tile & ~1)) >> (8 * (tile % 2)) & 0xff;
      rowLanes[tile] = bytes / Integer.BYTES;
      if (bytes % Integer.BYTES != 0 || rowLanes[tile] > LANES || rows[tile] > Tile.ROWS) {
        throw new IllegalStateException("a tile of " + rows[tile] + " rows, " + bytes + " bytes");
      }
      clear(tile);
    }
    for (int at = 2; at < 64; at += 2) {
      boolean isUsed = at < 48 ? at >= 16 && at < 32 : at < 56;
      if (!isUsed && state.readShort(address + at) != 0) {
        throw new IllegalStateException("reserved bytes of the configuration");
      }
    }
    configured = true;
  }

  void release() {
    configured = false;
  }

  boolean isConfigured() {
    return configured;
  }

  void clear(int tile) {
    for (int[] row : lanes[tile]) {
      Arrays.fill(row, 0);
    }
  }

  void load(int tile, ProcessorState state, long address, long stride) {
    check();
    clear(tile);
    for (int row = 0; row < rows[tile]; row++) {
      for (int lane = 0; lane < rowLanes[tile]; lane++) {
        lanes[tile][row][lane] = state.readInt(address + row * stride + 4L * lane);
      }
    }
  }

  void store(int tile, ProcessorState state, long address, long stride) {
    check();
    for (int row = 0; row < rows[tile]; row++) {
      for (int lane = 0; lane < rowLanes[tile]; lane++) {
        state.write(address + row * stride + 4L * lane, lanes[tile][row][lane]);
      }
    }
  }

  /** {@code tdpbssd}. */
  void addIntegerProducts(int target, int first, int second) {
    checkSizes(target, first, second);
    for (int row = 0; row < rows[target]; row++) {
      for (int lane = 0; lane < rowLanes[target]; lane++) {
        int sum = lanes[target][row][lane];
        for (int k = 0; k < rowLanes[first]; k++) {
          for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            byte a = (byte) (lanes[first][row][k] >> shift);
            byte b = (byte) (lanes[second][k][lane] >> shift);
            sum += a * b;
          }
        }
        lanes[target][row][lane] = sum;
      }
    }
  }

  /** {@code tdpbf16ps}: even and odd columns are summed apart. */
  void addHalfProducts(int target, int first, int second) {
    checkSizes(target, first, second);
    for (int row = 0; row < rows[target]; row++) {
      for (int lane = 0; lane < rowLanes[target]; lane++) {
        float even = 0;
        float odd = 0;
        for (int k = 0; k < rowLanes[first]; k++) {
          int a = lanes[first][row][k];
          int b = lanes[second][k][lane];
          even += half(a << 16) * half(b << 16);
          odd += half(a) * half(b);
        }
        float sum = Float.intBitsToFloat(lanes[target][row][lane]);
        lanes[target][row][lane] = Float.floatToRawIntBits(sum + (even + odd));
      }
    }
  }

  /** Numbers below the least normal one are zeros. */
  private static float half(int bits) {
    float value = Float.intBitsToFloat(bits & 0xffff0000);
    return Math.abs(value) < Float.MIN_NORMAL ? 0 : value;
  }

  private void checkSizes(int target, int first, int second) {
    check();
    if (rows[target] != rows[first]
        || rowLanes[first] != rows[second]
        || rowLanes[second] != rowLanes[target]) {
      throw new IllegalStateException("tiles of sizes that do not fit");
    }
  }

  private void check() {
    if (!configured) {
      throw new IllegalStateException("tiles without a configuration");
    }
  }
}
