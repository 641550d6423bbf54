package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.NeonLanes.v;
import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;

/**
 * Turns blocks of a panel of quantized weights into floats. Operands: the first block, the panel;
 * the count is the number of blocks, at least 1. Lanes are rows. Nothing is rounded: weights have
 * at most 8 bits and scales 12.
 */
final class NeonUnpack {
  private static final int COLUMN_BYTES = PanelKernels.ROWS * Float.BYTES;

  private final A64Listing code = new A64Listing();
  private final ArmFunction function = ArmFunction.plain();
  private final A64Vector words = v(0);
  private final A64Vector value = v(1);
  private final A64Vector result = v(2);
  private final A64Vector scale = v(3);
  private final A64Vector zero = v(4);
  private final A64Vector base = v(16);
  private final A64Vector zeroMask = v(17);
  private final A64Vector scaleMask = v(18);
  private final A64Vector quarter = v(19);
  private final A64Vector weightMask = v(20);

  private NeonUnpack() {
    function.enterArrays(code);
    code.broadcast(base, X8, PanelKernels.SCALE_BASE);
  }

  /** Of 8-bit weights. */
  static A64Listing q8() {
    NeonUnpack listing = new NeonUnpack();
    return listing.blocks(
        PanelKernels.Q8_BLOCK, PanelKernels.Q8_GROUP, listing::q8Scale, listing::q8Group);
  }

  /** Of 4-bit weights. */
  static A64Listing q4() {
    NeonUnpack listing = new NeonUnpack();
    A64Listing code = listing.code;
    code.broadcast(listing.zeroMask, X8, PanelKernels.ZERO_MASK);
    code.broadcast(listing.scaleMask, X8, 0xffff & ~PanelKernels.ZERO_MASK);
    code.broadcast(listing.quarter, X8, Float.floatToRawIntBits(-PanelKernels.QUARTER));
    code.broadcast(listing.weightMask, X8, 15);
    return listing.blocks(
        PanelKernels.Q4_BLOCK, PanelKernels.Q4_GROUP, listing::q4Scale, listing::q4Group);
  }

  /**
   * Walks over blocks, the vectors of rows of a block, and the groups of columns of these.
   * Registers: where a vector's scales are in X0, its words in X10 and X11, its floats in X2 and
   * X9.
   */
  private A64Listing blocks(int blockBytes, int groupColumns, Runnable scales, Runnable columns) {
    A64Label block = new A64Label("block");
    A64Label vector = new A64Label("vector");
    A64Label group = new A64Label("group");
    code.place(block);
    code.add(ADD_NUMBER, X10, X0, PanelKernels.SCALE_BYTES);
    code.move(X2, X1);
    code.set(X12, COLUMN_BYTES / A64Vector.BYTES);
    code.place(vector);
    code.add(LDR_D, scale, X0.thenAdd(A64Vector.LANES * Short.BYTES));
    scales.run();
    code.move(X11, X10);
    code.move(X9, X2);
    code.set(X13, PanelKernels.COLUMNS / groupColumns);
    code.place(group);
    code.add(LDR_Q, words, X11.memory());
    columns.run();
    code.add(ADD_NUMBER, X11, X11, PanelKernels.GROUP_BYTES);
    code.add(ADD_NUMBER, X9, X9, groupColumns * COLUMN_BYTES);
    code.repeat(X13, group);
    code.add(ADD_NUMBER, X10, X10, A64Vector.BYTES);
    code.add(ADD_NUMBER, X2, X2, A64Vector.BYTES);
    code.repeat(X12, vector);
    code.add(ADD_NUMBER, X0, X0, blockBytes - PanelKernels.SCALE_BYTES);
    code.add(ADD_NUMBER, X1, X1, PanelKernels.COLUMNS * COLUMN_BYTES);
    code.repeat(X6, block);
    function.leave(code);
    return code;
  }

  private void q8Scale() {
    code.add(USHLL, scale, scale, PanelKernels.SCALE_SHIFT);
    code.add(ADD_LANES, scale, scale, base);
  }

  private void q8Group() {
    int unused = Integer.SIZE - Byte.SIZE;
    for (int column = 0; column < PanelKernels.Q8_GROUP; column++) {
      code.add(SHL, value, words, unused - Byte.SIZE * column);
      code.add(SSHR, value, value, unused);
      code.add(SCVTF, value, value);
      code.add(FMUL, value, value, scale);
      code.add(STR_Q, value, X9.memory(column * COLUMN_BYTES));
    }
  }

  /** The scale, and what it makes of the zero point. */
  private void q4Scale() {
    code.add(USHLL, scale, scale, 0);
    code.add(AND_LANES, zero, scale, zeroMask);
    code.add(SCVTF, zero, zero);
    code.add(FMUL, zero, zero, quarter);
    code.add(AND_LANES, scale, scale, scaleMask);
    code.add(SHL, scale, scale, PanelKernels.SCALE_SHIFT);
    code.add(ADD_LANES, scale, scale, base);
    code.add(FMUL, zero, zero, scale);
  }

  private void q4Group() {
    for (int column = 0; column < PanelKernels.Q4_GROUP; column++) {
      int below = PanelKernels.q4Shift(column);
      if (below > 0) {
        code.add(USHR, value, words, below);
      }
      if (below < Integer.SIZE - 4) {
        code.add(AND_LANES, value, below == 0 ? words : value, weightMask);
      }
      code.add(SCVTF, value, value);
      code.move(result, zero);
      code.add(FMLA, result, value, scale);
      code.add(STR_Q, result, X9.memory(column * COLUMN_BYTES));
    }
  }
}
