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
import static org.xlstm4j.engine.machine.x86.assembler.General.RSP;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.machine.code.ActivationBlock;
import org.xlstm4j.engine.machine.code.ProductResults;
import org.xlstm4j.engine.machine.code.WeightFormat;
import org.xlstm4j.engine.machine.x86.assembler.General;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Memory;
import org.xlstm4j.engine.machine.x86.assembler.Tile;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * Product of quantized weights with a tile of 16 tokens. Arguments and results are those of {@link
 * QuantizedProduct}, to the bit: the sums of a block are integers, and what is done with them
 * afterwards is the same.
 *
 * <p>Half of a block of weights is a matrix of AMX as it lies in memory: four columns of 16 rows in
 * a row of the tile. So are the blocks of 16 tokens that lie behind each other. One instruction
 * multiplies them. The sums go through memory: vectors take them up from there, convert and scale
 * them and add them to the totals, a register a token. Meanwhile the next block's sums are stored,
 * the one after that is multiplied, and 4-bit weights of the one behind it are unpacked: what is
 * stored from tiles, or for them, can be loaded fast only some time later.
 *
 * <pre>
 * RDI  weights, at the panel       RBX  weights, at the block
 * RSI  activations, first block    R10  activations, this block
 * RDX  results, at the panel       RAX  blocks to come
 * RCX  blocks a panel              R13  sums of this block, unpacked weights behind them
 * R8   panels to come              R14  the same of the next block
 * R9   bytes between two tokens' blocks
 * R11  bytes between two rows of a tile in memory
 * R12  bytes between two groups of columns
 * </pre>
 */
final class TileProduct {
  /** How many tokens are multiplied. */
  static final int TOKENS = Tile.ROWS;

  /** Bits of a 4-bit scale word below its exponent and fraction: the zero point. */
  private static final int ZERO_BITS = 6;

  private static final int LOW_HALVES_BY_FOUR = 0x3c3c3c3c;

  private static final int GROUPS = PanelKernels.COLUMNS / PanelKernels.Q8_GROUP;

  /** Rows of a panel in halves, each a vector of 32-bit lanes. */
  private static final int HALVES = PanelKernels.ROWS / Tile.ROWS;

  private static final Tile[] SUMS = {new Tile(0), new Tile(1)};
  private static final Tile[] ACTIVATIONS = {new Tile(2), new Tile(3)};
  private static final Tile[] WEIGHTS = {new Tile(4), new Tile(5)};

  /** The first vectors are totals. */
  private static final Vector SCALE = zmm(TOKENS);

  private static final Vector ZEROS = zmm(TOKENS + 1);
  private static final Vector BASE = zmm(TOKENS + 2);
  private static final Vector LOW = zmm(TOKENS + 3);
  private static final int FREE = TOKENS + 4;

  /** Pairs of vectors for values and their factors. */
  private static final int PAIRS = 6;

  private final Listing code = new Listing();
  private final boolean isQ4;
  private final int blockBytes;
  private final TileFrame frame = new TileFrame(4 * Tile.BYTES, RBX, R12, R13, R14, R15);

  private TileProduct(WeightFormat format) {
    isQ4 = format == WeightFormat.Q4;
    blockBytes = isQ4 ? PanelKernels.Q4_BLOCK : PanelKernels.Q8_BLOCK;
  }

  /** The kernel for a format of quantized weights. */
  static Listing listing(WeightFormat format) {
    return new TileProduct(format).make();
  }

  private Listing make() {
    Label nextPanel = new Label("next_panel");
    for (int set = 0; set < 2; set++) {
      frame.size(ACTIVATIONS[set], Tile.ROWS, PanelKernels.COLUMNS);
      frame.size(WEIGHTS[set], GROUPS, Tile.ROW_BYTES);
    }
    frame.enter(code);
    code.add(ADD, RDI, R9);
    code.broadcast(BASE, RAX, PanelKernels.SCALE_BASE);
    code.broadcast(LOW, RAX, LOW_HALVES_BY_FOUR);
    code.add(MOV_IMMEDIATE, R9, ActivationBlock.BYTES);
    code.add(MOV_IMMEDIATE, R11, Tile.ROW_BYTES);
    code.add(MOV_IMMEDIATE, R12, PanelKernels.GROUP_BYTES);
    code.add(LEA, R13, RSP.memory(frame.offset(0)));
    code.add(LEA, R14, RSP.memory(frame.offset(2 * Tile.BYTES)));
    code.place(nextPanel);
    for (int half = 0; half < HALVES; half++) {
      multiplyHalf(half);
    }
    code.add(MOV, RDI, RBX);
    code.add(ADD_IMMEDIATE, RDX, PanelKernels.ROWS * Float.BYTES);
    code.add(SUB_IMMEDIATE, R8, 1);
    code.add(JNE, nextPanel);
    frame.leave(code);
    return code;
  }

  /** All blocks of 16 rows. */
  private void multiplyHalf(int half) {
    Label nextBlock = new Label("next_block_" + half);
    Label done = new Label("done_" + half);
    for (int token = 0; token < TOKENS; token++) {
      code.add(VPXOR, zmm(token), zmm(token), zmm(token));
    }
    code.add(MOV, RBX, RDI);
    code.add(MOV, R10, RSI);
    code.add(MOV, RAX, RCX);
    prepare(half, 0, R13);
    multiply(half, 0, R13);
    storeSums(R13);
    code.add(CMP_IMMEDIATE, RAX, 2);
    code.add(JB, nextBlock);
    prepare(half, 1, R14);
    multiply(half, 1, R14);
    code.add(CMP_IMMEDIATE, RAX, 3);
    code.add(JB, nextBlock);
    prepare(half, 2, R13);
    code.place(nextBlock);
    for (int parity = 0; parity < 2; parity++) {
      Label add = new Label("add_" + half + parity);
      General here = parity == 0 ? R13 : R14;
      General there = parity == 0 ? R14 : R13;
      code.add(CMP_IMMEDIATE, RAX, 2);
      code.add(JB, add);
      storeSums(there);
      code.add(JE, add);
      multiply(half, 2, here);
      code.add(CMP_IMMEDIATE, RAX, 4);
      code.add(JB, add);
      prepare(half, 3, there);
      code.place(add);
      addToTotals(half, here);
      code.add(ADD_IMMEDIATE, RBX, blockBytes);
      code.add(ADD_IMMEDIATE, R10, TOKENS * ActivationBlock.BYTES);
      code.add(SUB_IMMEDIATE, RAX, 1);
      code.add(JE, done);
    }
    code.add(JMP, nextBlock);
    code.place(done);
    for (int token = 0; token < TOKENS; token++) {
      Memory results = RDX.memory(token * ProductResults.STRIDE + half * Vector.ZMM);
      code.add(VMOVUPS, results, zmm(token));
    }
  }

  /** Makes the weights of this block, or of one of the next, ready to be multiplied. */
  private void prepare(int half, int ahead, General place) {
    if (isQ4) {
      unpack(weights(half, ahead), place);
    }
  }

  private int weights(int half, int ahead) {
    return ahead * blockBytes + PanelKernels.SCALE_BYTES + half * Tile.ROW_BYTES;
  }

  /** Multiplies this block, or one of the next, once it is ready. */
  private void multiply(int half, int ahead, General place) {
    Memory from = isQ4 ? rows(place, R11, Tile.BYTES) : rows(RBX, R12, weights(half, ahead));
    int set = place == R13 ? 0 : 1;
    code.add(TILELOADD, WEIGHTS[set], from);
    code.add(TILELOADD, ACTIVATIONS[set], rows(R10, R9, ahead * TOKENS * ActivationBlock.BYTES));
    code.add(TILEZERO, SUMS[set]);
    code.add(TDPBSSD, SUMS[set], ACTIVATIONS[set], WEIGHTS[set]);
  }

  /** 4-bit weights, times four, as bytes in the order of 8-bit ones. */
  private void unpack(int block, General place) {
    for (int pair = 0; pair < GROUPS / 2; pair++) {
      Vector low = zmm(FREE + 2 * pair);
      Vector high = zmm(FREE + 2 * pair + 1);
      int to = Tile.BYTES + 2 * pair * Tile.ROW_BYTES;
      code.add(VMOVDQU, low, RBX.memory(block + pair * PanelKernels.GROUP_BYTES));
      code.add(VPSRLW, high, low, 2);
      code.add(VPSLLW, low, low, 2);
      code.add(VPAND, low, low, LOW);
      code.add(VPAND, high, high, LOW);
      code.add(VMOVDQU, place.memory(to), low);
      code.add(VMOVDQU, place.memory(to + Tile.ROW_BYTES), high);
    }
  }

  private void storeSums(General to) {
    code.add(TILESTORED, rows(to, R11, 0), SUMS[to == R13 ? 0 : 1]);
  }

  private void addToTotals(int half, General sums) {
    code.add(VPMOVZXWD, SCALE, RBX.memory(half * Vector.YMM));
    if (isQ4) {
      code.add(VPSLLD, ZEROS, SCALE, Integer.SIZE - ZERO_BITS);
      code.add(VPSRLD, ZEROS, ZEROS, Integer.SIZE - ZERO_BITS);
      code.add(VPXOR, SCALE, SCALE, ZEROS);
    }
    code.add(VPSLLD, SCALE, SCALE, PanelKernels.SCALE_SHIFT);
    code.add(VPADDD, SCALE, SCALE, BASE);
    for (int token = 0; token < TOKENS; token++) {
      Vector value = zmm(FREE + 2 * (token % PAIRS));
      Vector factor = zmm(FREE + 2 * (token % PAIRS) + 1);
      Memory sum = sums.memory(token * Tile.ROW_BYTES);
      if (isQ4) {
        code.add(VPBROADCASTD, value, activation(token, ActivationBlock.NEGATIVE_SUM));
        code.add(VPMADDWD, value, value, ZEROS);
        code.add(VPADDD, value, value, sum);
        code.add(VCVTDQ2PS, value, value);
        code.add(
            VMULPS, factor, SCALE, activation(token, ActivationBlock.QUARTER_SCALE).toAllLanes());
      } else {
        code.add(VCVTDQ2PS, value, sum);
        code.add(VMULPS, factor, SCALE, activation(token, ActivationBlock.SCALE).toAllLanes());
      }
      code.add(VFMADD231PS, zmm(token), value, factor);
    }
  }

  private static Memory rows(General base, General distance, int offset) {
    return base.memory(distance, 1).plus(offset);
  }

  private static Memory activation(int token, int offset) {
    return R10.memory(token * ActivationBlock.BYTES + offset);
  }

  private static Vector zmm(int number) {
    return new Vector(number, Vector.ZMM);
  }
}
