package org.xlstm4j.engine.machine;

import static org.xlstm4j.engine.machine.assembler.General.R10;
import static org.xlstm4j.engine.machine.assembler.General.R11;
import static org.xlstm4j.engine.machine.assembler.General.R8;
import static org.xlstm4j.engine.machine.assembler.General.R9;
import static org.xlstm4j.engine.machine.assembler.General.RAX;
import static org.xlstm4j.engine.machine.assembler.General.RBX;
import static org.xlstm4j.engine.machine.assembler.General.RCX;
import static org.xlstm4j.engine.machine.assembler.General.RDI;
import static org.xlstm4j.engine.machine.assembler.General.RDX;
import static org.xlstm4j.engine.machine.assembler.General.RSI;
import static org.xlstm4j.engine.machine.assembler.Operation.*;

import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.machine.assembler.General;
import org.xlstm4j.engine.machine.assembler.Label;
import org.xlstm4j.engine.machine.assembler.Listing;
import org.xlstm4j.engine.machine.assembler.Memory;
import org.xlstm4j.engine.machine.assembler.Vector;

/**
 * What the products of {@link Q8Product} and {@link Q4Product} share: panel after panel, block
 * after block, memory is read front to back. The lanes of a vector are rows. The integers of a
 * block are summed in registers, for all rows of the panel or for half of them, and then added to
 * the rows' totals, which stay in the result: {@code y = fma(p, s, y)}.
 *
 * <pre>
 * RDI  weights, at the block          R9   bytes between two tokens' results
 * RSI  activations, first block       R10  activations, this block
 * RDX  results, first row of a panel  R11  three times R9
 * RCX  blocks a panel                 RAX  blocks to come
 * R8   panels to come                 RBX  what the exponent of a scale word lacks
 * </pre>
 */
abstract class QuantizedProduct {
  /** Most vectors of sums that fit beside what else a block needs. */
  private static final int MOST_SUMS = 8;

  final Listing code = new Listing();
  final int tokens;
  final int vectorBytes;
  final boolean integerProducts;

  /** Vectors of rows whose sums are in registers together. */
  final int together;

  QuantizedProduct(int tokens, int vectorBytes, boolean integerProducts) {
    this.tokens = tokens;
    this.vectorBytes = vectorBytes;
    this.integerProducts = integerProducts;
    this.together = Math.min(panelVectors(), tokens > 2 ? MOST_SUMS / 4 : MOST_SUMS / 2);
  }

  /** Vectors that hold a 32-bit lane for each row of a panel. */
  private int panelVectors() {
    return PanelKernels.ROWS * Integer.BYTES / vectorBytes;
  }

  /** Fills registers that keep their contents. */
  abstract void constants();

  /** Sums the products of a block in {@link #sum}, for the rows from a vector on. */
  abstract void block(int firstVector);

  /** Turns the sums of a vector of rows into floats and adds them to the totals. */
  abstract void scale(int firstVector, int vector);

  final Listing listing(int blockBytes) {
    KernelFunction function = KernelFunction.saving(RBX);
    Label nextPanel = new Label("next_panel");
    Label nextBlock = new Label("next_block");
    function.enter(code);
    code.add(ADD, RDI, R9);
    code.add(MOV_IMMEDIATE, R9, ProductResults.STRIDE);
    code.add(LEA, R11, R9.memory(R9, 2));
    code.add(MOV_IMMEDIATE, RBX, PanelKernels.SCALE_BASE);
    constants();
    code.place(nextPanel);
    clearTotals();
    code.add(MOV, R10, RSI);
    code.add(MOV, RAX, RCX);
    code.place(nextBlock);
    for (int first = 0; first < panelVectors(); first += together) {
      block(first);
      broadcast(vector(12), RBX);
      for (int vector = 0; vector < together; vector++) {
        scale(first, vector);
      }
    }
    code.add(ADD_IMMEDIATE, RDI, blockBytes);
    code.add(ADD_IMMEDIATE, R10, tokens * ActivationBlock.BYTES);
    code.add(SUB_IMMEDIATE, RAX, 1);
    code.add(JNE, nextBlock);
    code.add(ADD_IMMEDIATE, RDX, PanelKernels.ROWS * Float.BYTES);
    code.add(SUB_IMMEDIATE, R8, 1);
    code.add(JNE, nextPanel);
    function.leave(code);
    return code;
  }

  private void clearTotals() {
    code.add(VPXOR, vector(0), vector(0), vector(0));
    for (int token = 0; token < tokens; token++) {
      for (int vector = 0; vector < panelVectors(); vector++) {
        code.add(VMOVUPS, totals(token, vector), vector(0));
      }
    }
  }

  /** The sums of a token and a vector of rows, counted from the first of those together. */
  final Vector sum(int token, int vector) {
    return vector(token * together + vector);
  }

  final Vector vector(int number) {
    return new Vector(number, vectorBytes);
  }

  /** Where the totals of a token and a vector of a panel's rows are. */
  final Memory totals(int token, int vector) {
    Memory first =
        switch (token) {
          case 0 -> RDX.memory();
          case 1 -> RDX.memory(R9, 1);
          case 2 -> RDX.memory(R9, 2);
          default -> RDX.memory(R11, 1);
        };
    return first.plus(vector * vectorBytes);
  }

  /** A part of a token's block of activations. */
  final Memory activations(int token, int offset) {
    return R10.memory(token * ActivationBlock.BYTES + offset);
  }

  /** The weights of a group of columns and of a vector of a panel's rows. */
  final Memory weights(int group, int vector) {
    int groupBytes = PanelKernels.ROWS * Integer.BYTES;
    return RDI.memory(PanelKernels.SCALE_BYTES + group * groupBytes + vector * vectorBytes);
  }

  /** The scale words of a vector of a panel's rows. */
  final Memory scaleWords(int vector) {
    return RDI.memory(vector * vectorBytes / 2);
  }

  /** A 32-bit number in all lanes. */
  final void broadcast(Vector target, General number) {
    code.add(VMOVQ, target.as(Vector.XMM), number);
    code.add(VPBROADCASTD, target, target.as(Vector.XMM));
  }

  /** The same constant in all lanes. */
  final void broadcast(Vector target, int number) {
    code.add(MOV_IMMEDIATE, RAX, number);
    broadcast(target, RAX);
  }

  /** {@code total = fma(p, scale, total)}, with the float {@code p} in a register. */
  final void addToTotal(Vector p, Vector scale, int token, int vector) {
    code.add(VFMADD213PS, p, scale, totals(token, vector));
    code.add(VMOVUPS, totals(token, vector), p);
  }
}
