package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.R10;
import static org.xlstm4j.engine.machine.x86.assembler.General.R11;
import static org.xlstm4j.engine.machine.x86.assembler.General.R12;
import static org.xlstm4j.engine.machine.x86.assembler.General.R13;
import static org.xlstm4j.engine.machine.x86.assembler.General.R14;
import static org.xlstm4j.engine.machine.x86.assembler.General.R15;
import static org.xlstm4j.engine.machine.x86.assembler.General.R8;
import static org.xlstm4j.engine.machine.x86.assembler.General.R9;
import static org.xlstm4j.engine.machine.x86.assembler.General.RAX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RBX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RCX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDI;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RSI;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.machine.code.SplitTileCode;
import org.xlstm4j.engine.machine.x86.assembler.General;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Memory;
import org.xlstm4j.engine.machine.x86.assembler.Tile;

/**
 * The products of panels of 32 rows of weights with 32 tokens, over all steps of 32 columns: two
 * tiles of rows by two of tokens. Arguments: weights, tokens in split tiles, sums ({@code
 * [panel][32 rows][32 tokens]}), steps in the lower half and panels in the upper one, a distance in
 * bytes, where the first panel begins in the weights.
 *
 * <p>Weights of bfloat16 numbers are read as they are stored; the distance is that of two rows. A
 * step multiplies them by the three parts of the tokens, so that no product is rounded. Weights of
 * floats are split tiles, too; the distance is that of two tiles of 16 rows. Of their nine products
 * of parts, the three smallest are left out, at most 2^-23 of the product of the floats.
 *
 * <pre>
 * RDI  weights, this panel          RBX, R12  weights of the two tiles, this step
 * RSI  tokens, first tile           R13, R14  tokens of the two tiles, this step
 * R10  tokens, second tile          RAX       steps to come
 * RDX  sums, this panel             R15       panels to come
 * RCX  steps                        R11       bytes of a tile's row
 * R8   the distance                 R9        bytes of a row of sums
 * </pre>
 */
final class SplitTileListing {
  private static final int ROW_TILES = SplitTileCode.ROWS / Tile.ROWS;
  private static final int TOKEN_TILES = SplitTileCode.TOKENS / Tile.ROWS;
  private static final int SUM_ROW_BYTES = SplitTileCode.TOKENS * Float.BYTES;

  private final Listing code = new Listing();
  private final TileFrame frame = new TileFrame(0, RBX, R12, R13, R14, R15);
  private final boolean isStored;

  private SplitTileListing(boolean isStored) {
    this.isStored = isStored;
  }

  /** For weights of bfloat16 numbers, row after row. */
  static Listing ofStored() {
    return new SplitTileListing(true).make();
  }

  /** For weights in split tiles. */
  static Listing ofSplit() {
    return new SplitTileListing(false).make();
  }

  private Listing make() {
    Label nextPanel = new Label("next_panel");
    Label nextStep = new Label("next_step");
    frame.enter(code);
    code.add(ADD, RDI, R9);
    KernelFunction.splitHalves(code, R15, RCX);
    code.add(MOV_IMMEDIATE, R11, Tile.ROW_BYTES);
    code.add(MOV_IMMEDIATE, R9, SUM_ROW_BYTES);
    code.add(MOV, R10, R8);
    if (isStored) {
      code.add(MOV_IMMEDIATE, RAX, SplitTileCode.STEP_BYTES / Tile.ROW_BYTES);
      code.add(IMUL, R10, RAX);
    }
    code.add(ADD, R10, RSI);
    code.place(nextPanel);
    for (int tile = 0; tile < ROW_TILES * TOKEN_TILES; tile++) {
      code.add(TILEZERO, new Tile(tile));
    }
    code.add(MOV, RBX, RDI);
    code.add(MOV, R12, R8);
    if (isStored) {
      code.add(SHL, R12, Integer.numberOfTrailingZeros(Tile.ROWS));
    }
    code.add(ADD, R12, RDI);
    code.add(MOV, R13, RSI);
    code.add(MOV, R14, R10);
    code.add(MOV, RAX, RCX);
    code.place(nextStep);
    if (isStored) {
      multiplyStored();
    } else {
      multiplySplit();
    }
    int weightBytes = isStored ? Tile.ROW_BYTES : SplitTileCode.STEP_BYTES;
    code.add(ADD_IMMEDIATE, RBX, weightBytes);
    code.add(ADD_IMMEDIATE, R12, weightBytes);
    code.add(ADD_IMMEDIATE, R13, SplitTileCode.STEP_BYTES);
    code.add(ADD_IMMEDIATE, R14, SplitTileCode.STEP_BYTES);
    code.add(SUB_IMMEDIATE, RAX, 1);
    code.add(JNE, nextStep);
    for (int tile = 0; tile < ROW_TILES * TOKEN_TILES; tile++) {
      code.add(TILESTORED, sumsAt(tile), new Tile(tile));
    }
    code.add(ADD_IMMEDIATE, RDX, SplitTileCode.ROWS * SUM_ROW_BYTES);
    code.add(MOV, RAX, R8);
    code.add(SHL, RAX, Integer.numberOfTrailingZeros(isStored ? SplitTileCode.ROWS : ROW_TILES));
    code.add(ADD, RDI, RAX);
    code.add(SUB_IMMEDIATE, R15, 1);
    code.add(JNE, nextPanel);
    frame.leave(code);
    return code;
  }

  private void multiplyStored() {
    code.add(TILELOADD, weights(0), RBX.memory(R8, 1));
    code.add(TILELOADD, weights(1), R12.memory(R8, 1));
    for (int part = SplitTileCode.PARTS - 1; part >= 0; part--) {
      loadTokens(part);
      multiply();
    }
  }

  /** A part of the weights by ever greater parts of the tokens, then by ever smaller ones. */
  private void multiplySplit() {
    loadWeights(0);
    for (int part = SplitTileCode.PARTS - 1; part >= 0; part--) {
      loadTokens(part);
      multiply();
    }
    loadWeights(1);
    multiply();
    loadTokens(1);
    multiply();
    loadWeights(2);
    loadTokens(0);
    multiply();
  }

  private void loadWeights(int part) {
    code.add(TILELOADD, weights(0), part(RBX, part));
    code.add(TILELOADD, weights(1), part(R12, part));
  }

  private void loadTokens(int part) {
    code.add(TILELOADD, tokens(0), part(R13, part));
    code.add(TILELOADD, tokens(1), part(R14, part));
  }

  private void multiply() {
    for (int row = 0; row < ROW_TILES; row++) {
      for (int token = 0; token < TOKEN_TILES; token++) {
        code.add(TDPBF16PS, new Tile(TOKEN_TILES * row + token), weights(row), tokens(token));
      }
    }
  }

  private static Tile weights(int rowTile) {
    return new Tile(4 + rowTile);
  }

  private static Tile tokens(int tokenTile) {
    return new Tile(6 + tokenTile);
  }

  private static Memory part(General step, int part) {
    return step.memory(R11, 1).plus(part * Tile.BYTES);
  }

  private static Memory sumsAt(int tile) {
    int row = tile / TOKEN_TILES;
    int token = tile % TOKEN_TILES;
    return RDX.memory(R9, 1).plus(row * Tile.ROWS * SUM_ROW_BYTES + token * Tile.ROW_BYTES);
  }
}
