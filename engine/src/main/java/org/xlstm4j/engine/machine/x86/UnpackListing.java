package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.R10;
import static org.xlstm4j.engine.machine.x86.assembler.General.R11;
import static org.xlstm4j.engine.machine.x86.assembler.General.R8;
import static org.xlstm4j.engine.machine.x86.assembler.General.R9;
import static org.xlstm4j.engine.machine.x86.assembler.General.RAX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RCX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDI;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RSI;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * Turns blocks of a panel of quantized weights into floats. Operands: the first block, the panel;
 * the count is the number of blocks, at least 1. Lanes are rows. Nothing is rounded: weights have
 * at most 8 bits and scales 12.
 */
final class UnpackListing {
  private static final int COLUMN_BYTES = PanelKernels.ROWS * Float.BYTES;

  /** Bytes of weights that are asked for ahead: a page, at whose end the prefetcher stops. */
  private static final int AHEAD = 4096;

  private final Listing code = new Listing();
  private final KernelFunction function = KernelFunction.saving();
  private final int vectorBytes;
  private final Vector words;
  private final Vector value;
  private final Vector scale;
  private final Vector zero;
  private final Vector base;
  private final Vector zeroMask;
  private final Vector scaleMask;
  private final Vector quarter;
  private final Vector weightMask;

  private UnpackListing(MachineLevel level) {
    vectorBytes = level.vectorBytes();
    words = new Vector(0, vectorBytes);
    value = new Vector(1, vectorBytes);
    scale = new Vector(2, vectorBytes);
    zero = new Vector(3, vectorBytes);
    base = new Vector(4, vectorBytes);
    zeroMask = new Vector(5, vectorBytes);
    scaleMask = new Vector(6, vectorBytes);
    quarter = new Vector(7, vectorBytes);
    weightMask = new Vector(8, vectorBytes);
    function.enterArrays(code);
    code.broadcast(base, RAX, PanelKernels.SCALE_BASE);
  }

  /** Of 8-bit weights. */
  static Listing q8(MachineLevel level) {
    UnpackListing listing = new UnpackListing(level);
    return listing.blocks(
        PanelKernels.Q8_BLOCK, PanelKernels.Q8_GROUP, listing::q8Scale, listing::q8Group);
  }

  /** Of 4-bit weights. */
  static Listing q4(MachineLevel level) {
    UnpackListing listing = new UnpackListing(level);
    listing.code.broadcast(listing.zeroMask, RAX, PanelKernels.ZERO_MASK);
    listing.code.broadcast(listing.scaleMask, RAX, 0xffff & ~PanelKernels.ZERO_MASK);
    listing.code.broadcast(listing.quarter, RAX, Float.floatToRawIntBits(-PanelKernels.QUARTER));
    listing.code.broadcast(listing.weightMask, RAX, 15);
    return listing.blocks(
        PanelKernels.Q4_BLOCK, PanelKernels.Q4_GROUP, listing::q4Scale, listing::q4Group);
  }

  /**
   * Walks over blocks, the vectors of rows of a block, and the groups of columns of these.
   * Registers: where a vector's scales are in RDI, its words in R10 and R11, its floats in RDX and
   * R9.
   */
  private Listing blocks(int blockBytes, int groupColumns, Runnable scales, Runnable columns) {
    Label block = new Label("block");
    Label vector = new Label("vector");
    Label group = new Label("group");
    code.place(block);
    code.add(LEA, R10, RDI.memory(PanelKernels.SCALE_BYTES));
    code.add(MOV, RDX, RSI);
    code.add(MOV_IMMEDIATE, R8, COLUMN_BYTES / vectorBytes);
    code.place(vector);
    code.add(VPMOVZXWD, scale, RDI.memory());
    scales.run();
    code.add(MOV, R11, R10);
    code.add(MOV, R9, RDX);
    code.add(MOV_IMMEDIATE, RAX, PanelKernels.COLUMNS / groupColumns);
    code.place(group);
    code.add(VMOVDQU, words, R11.memory());
    code.add(PREFETCHT0, R11.memory(AHEAD));
    columns.run();
    code.add(ADD_IMMEDIATE, R11, PanelKernels.GROUP_BYTES);
    code.add(ADD_IMMEDIATE, R9, groupColumns * COLUMN_BYTES);
    code.add(SUB_IMMEDIATE, RAX, 1);
    code.add(JNE, group);
    code.add(ADD_IMMEDIATE, RDI, vectorBytes / 2);
    code.add(ADD_IMMEDIATE, R10, vectorBytes);
    code.add(ADD_IMMEDIATE, RDX, vectorBytes);
    code.add(SUB_IMMEDIATE, R8, 1);
    code.add(JNE, vector);
    code.add(ADD_IMMEDIATE, RDI, blockBytes - PanelKernels.SCALE_BYTES);
    code.add(ADD_IMMEDIATE, RSI, PanelKernels.COLUMNS * COLUMN_BYTES);
    code.add(SUB_IMMEDIATE, RCX, 1);
    code.add(JNE, block);
    function.leave(code);
    return code;
  }

  private void q8Scale() {
    code.add(VPSLLD, scale, scale, PanelKernels.SCALE_SHIFT);
    code.add(VPADDD, scale, scale, base);
  }

  private void q8Group() {
    int unused = Integer.SIZE - Byte.SIZE;
    for (int column = 0; column < PanelKernels.Q8_GROUP; column++) {
      int above = unused - Byte.SIZE * column;
      Vector shifted = above == 0 ? words : value;
      if (above > 0) {
        code.add(VPSLLD, value, words, above);
      }
      code.add(VPSRAD, value, shifted, unused);
      code.add(VCVTDQ2PS, value, value);
      code.add(VMULPS, value, value, scale);
      code.add(VMOVUPS, R9.memory(column * COLUMN_BYTES), value);
    }
  }

  /** The scale, and what it makes of the zero point. */
  private void q4Scale() {
    code.add(VPAND, zero, scale, zeroMask);
    code.add(VCVTDQ2PS, zero, zero);
    code.add(VMULPS, zero, zero, quarter);
    code.add(VPAND, scale, scale, scaleMask);
    q8Scale();
    code.add(VMULPS, zero, zero, scale);
  }

  private void q4Group() {
    for (int column = 0; column < PanelKernels.Q4_GROUP; column++) {
      int below = PanelKernels.q4Shift(column);
      if (below > 0) {
        code.add(VPSRLD, value, words, below);
      }
      if (below < Integer.SIZE - 4) {
        code.add(VPAND, value, below == 0 ? words : value, weightMask);
      }
      code.add(VCVTDQ2PS, value, value);
      code.add(VFMADD213PS, value, scale, zero);
      code.add(VMOVUPS, R9.memory(column * COLUMN_BYTES), value);
    }
  }
}
