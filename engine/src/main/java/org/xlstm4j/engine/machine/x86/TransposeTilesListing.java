package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.RCX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDI;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RSI;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Tile;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * Transposes tiles of 16 x 16 numbers of 32 bits, one behind the other. Arguments: where they
 * begin, the offset from there, where they go, how many.
 *
 * <p>Eight rows and four columns at a time, as {@link PackListing} does.
 */
final class TransposeTilesListing {
  private static final int ROWS = 8;
  private static final int COLUMNS = 4;

  private TransposeTilesListing() {}

  static Listing listing() {
    Listing code = new Listing();
    KernelFunction function = KernelFunction.saving();
    Label next = new Label("next");
    function.enter(code);
    code.add(ADD, RDI, RSI);
    code.place(next);
    for (int row = 0; row < Tile.ROWS; row += ROWS) {
      for (int column = 0; column < Tile.ROW_BYTES / Integer.BYTES; column += COLUMNS) {
        for (int i = 0; i < COLUMNS; i++) {
          int from = (row + i) * Tile.ROW_BYTES + column * Integer.BYTES;
          int below = from + COLUMNS * Tile.ROW_BYTES;
          PackListing.loadTwoRows(code, i, RDI.memory(from), RDI.memory(below));
        }
        PackListing.transpose(code, Vector.YMM);
        for (int i = 0; i < COLUMNS; i++) {
          int to = (column + i) * Tile.ROW_BYTES + row * Integer.BYTES;
          code.add(VMOVUPS, RDX.memory(to), PackListing.row(i, Vector.YMM));
        }
      }
    }
    code.add(ADD_IMMEDIATE, RDI, Tile.BYTES);
    code.add(ADD_IMMEDIATE, RDX, Tile.BYTES);
    code.add(SUB_IMMEDIATE, RCX, 1);
    code.add(JNE, next);
    function.leave(code);
    return code;
  }
}
