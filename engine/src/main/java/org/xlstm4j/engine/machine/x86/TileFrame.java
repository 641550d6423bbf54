package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.R10;
import static org.xlstm4j.engine.machine.x86.assembler.General.RBP;
import static org.xlstm4j.engine.machine.x86.assembler.General.RSP;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import java.util.Arrays;
import org.xlstm4j.engine.machine.code.CacheLine;
import org.xlstm4j.engine.machine.x86.assembler.General;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Tile;

/**
 * The beginning and the end of a kernel that uses tiles of AMX: it gives them their sizes, and has
 * memory on the stack, from a line of the cache on, because tiles can only be stored and not read
 * as vectors. RBP holds the stack pointer meanwhile.
 */
final class TileFrame {
  private static final int TILES = 8;

  /** Bytes of a configuration: the sizes of all tiles. */
  private static final int CONFIGURATION = 64;

  /** Where a configuration says how long rows are, 16 bits a tile. */
  private static final int ROW_BYTES_AT = 16;

  /** Where it says how many rows there are, a byte a tile. */
  private static final int ROWS_AT = 48;

  private final KernelFunction function;
  private final int bytes;
  private final int[] rows = new int[TILES];
  private final int[] rowBytes = new int[TILES];

  /**
   * A frame with whole tiles.
   *
   * @param bytes on the stack, a multiple of 64
   * @param saved registers that the kernel needs besides those that are free, and RBP
   */
  TileFrame(int bytes, General... saved) {
    General[] all = Arrays.copyOf(saved, saved.length + 1);
    all[saved.length] = RBP;
    function = KernelFunction.saving(all);
    this.bytes = bytes;
    Arrays.fill(rows, Tile.ROWS);
    Arrays.fill(rowBytes, Tile.ROW_BYTES);
  }

  /** Makes a tile smaller. */
  void size(Tile tile, int tileRows, int bytesPerRow) {
    rows[tile.number()] = tileRows;
    rowBytes[tile.number()] = bytesPerRow;
  }

  /** How far from RSP memory on the stack begins. */
  int offset(int place) {
    return CONFIGURATION + place;
  }

  /** R10 changes. */
  void enter(Listing code) {
    function.enter(code);
    code.add(MOV, RBP, RSP);
    code.add(SUB_IMMEDIATE, RSP, CONFIGURATION + bytes);
    code.add(AND_IMMEDIATE, RSP, -CacheLine.BYTES);
    byte[] sizes = new byte[CONFIGURATION];
    sizes[0] = 1;
    for (int tile = 0; tile < TILES; tile++) {
      sizes[ROW_BYTES_AT + Short.BYTES * tile] = (byte) rowBytes[tile];
      sizes[ROWS_AT + tile] = (byte) rows[tile];
    }
    for (int at = 0; at < CONFIGURATION; at += Long.BYTES) {
      code.add(MOV_IMMEDIATE, R10, word(sizes, at + Integer.BYTES));
      code.add(SHL, R10, Integer.SIZE);
      code.add(ADD_IMMEDIATE, R10, word(sizes, at));
      code.add(MOV_STORE, RSP.memory(at), R10);
    }
    code.add(LDTILECFG, RSP.memory());
  }

  private static int word(byte[] sizes, int at) {
    int word = 0;
    for (int i = Integer.BYTES - 1; i >= 0; i--) {
      word = word << Byte.SIZE | sizes[at + i];
    }
    return word;
  }

  void leave(Listing code) {
    code.add(TILERELEASE);
    code.add(MOV, RSP, RBP);
    function.leave(code);
  }
}
