package org.xlstm4j.engine.machine.x86.assembler;

/**
 * A tile register of AMX: up to 16 rows of up to 64 bytes, as its configuration says.
 *
 * @param number 0 to 7
 */
public record Tile(int number) implements Operand {
  /** Rows of a whole tile. */
  public static final int ROWS = 16;

  /** Bytes of a whole tile's row. */
  public static final int ROW_BYTES = 64;

  /** Bytes of a whole tile. */
  public static final int BYTES = ROWS * ROW_BYTES;

  /** Checks the number. */
  public Tile {
    if (number < 0 || number > 7) {
      throw new IllegalArgumentException("tile register " + number);
    }
  }

  @Override
  public String toString() {
    return "tmm" + number;
  }
}
