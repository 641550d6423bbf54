package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.R10;
import static org.xlstm4j.engine.machine.x86.assembler.General.R12;
import static org.xlstm4j.engine.machine.x86.assembler.General.R13;
import static org.xlstm4j.engine.machine.x86.assembler.General.R14;
import static org.xlstm4j.engine.machine.x86.assembler.General.R8;
import static org.xlstm4j.engine.machine.x86.assembler.General.R9;
import static org.xlstm4j.engine.machine.x86.assembler.General.RAX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RBP;
import static org.xlstm4j.engine.machine.x86.assembler.General.RBX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RCX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDI;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RSI;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.kernels.RowKernels;
import org.xlstm4j.engine.machine.code.ActivationBlock;
import org.xlstm4j.engine.machine.code.CacheLine;
import org.xlstm4j.engine.machine.code.ProductResults;
import org.xlstm4j.engine.machine.x86.assembler.General;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Memory;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * What the products of {@link Q8Product} and {@link Q4Product} share: panel after panel, block
 * after block, memory is read front to back. The lanes of a vector are rows. The integers of a
 * block are summed in registers, for all rows of the panel or for half of them, and then added to
 * the rows' totals, which stay in the result: {@code y = fma(p, s, y)}.
 *
 * <p>With one to four tokens, weights come from memory. Two panels are walked over side by side,
 * half of all apart: the processor's prefetcher then follows two streams, and reads more. With more
 * tokens, which 32 registers have room for, they come from the second-level cache, and arithmetic
 * decides: one panel after the other.
 *
 * <pre>
 * RDI  weights, at the block       R12  the same of the second panel
 * RDX  results, first row          R13  the same of the second panel
 * RSI  activations, first block    R10  activations, this block
 * RCX  blocks a panel              RAX  blocks to come
 * R8   panels, or pairs, to come   RBP  panels in all
 * RBX  what the exponent of a scale word lacks
 * </pre>
 *
 * The first vectors are sums, at least eight. The eight behind them are free for what a block
 * needs.
 */
abstract class QuantizedProduct {
  /** Vectors of sums that fit, with what else a block needs, into 16 registers. */
  private static final int FEW_SUMS = 8;

  /**
   * How far ahead of a panel's block its stream is asked for. The processor's own prefetcher stops
   * at the end of a page and has to find the stream again behind it; a page ahead it never stops.
   */
  private static final int AHEAD = 4096;

  final Listing code = new Listing();
  final int tokens;
  final int vectorBytes;
  final boolean integerProducts;

  /** Vectors of rows whose sums are in registers together. */
  final int together;

  /** Which of two panels the code that is made now is for. */
  private int stream;

  QuantizedProduct(int tokens, int vectorBytes, boolean integerProducts) {
    this.tokens = tokens;
    this.vectorBytes = vectorBytes;
    this.integerProducts = integerProducts;
    this.together = Math.min(panelVectors(), tokens > 2 ? FEW_SUMS / 4 : FEW_SUMS / 2);
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
    KernelFunction function = KernelFunction.saving(RBX, RBP, R12, R13, R14);
    function.enter(code);
    code.add(ADD, RDI, R9);
    code.add(MOV_IMMEDIATE, RBX, PanelKernels.SCALE_BASE);
    constants();
    if (isFromMemory()) {
      code.add(MOV, RBP, R8);
      code.add(SHR, R8, 1);
      panels(2, blockBytes);
      code.add(MOV, R8, RBP);
      code.add(AND_IMMEDIATE, R8, 1);
    }
    panels(1, blockBytes);
    function.leave(code);
    return code;
  }

  private boolean isFromMemory() {
    return tokens <= RowKernels.MAX_TOKENS;
  }

  /** R8 times one or two panels, a second one as far behind the first as there are first ones. */
  private void panels(int streams, int blockBytes) {
    Label nextPanel = new Label("next_panel_of_" + streams);
    Label nextBlock = new Label("next_block_of_" + streams);
    Label done = new Label("done_" + streams);
    code.add(TEST, R8, R8);
    code.add(JE, done);
    if (streams == 2) {
      code.add(MOV, R12, R8);
      code.add(IMUL, R12, RCX);
      code.add(MOV_IMMEDIATE, R14, blockBytes);
      code.add(IMUL, R12, R14);
      code.add(ADD, R12, RDI);
      code.add(MOV, R13, R8);
      code.add(SHL, R13, Integer.numberOfTrailingZeros(PanelKernels.ROWS * Float.BYTES));
      code.add(ADD, R13, RDX);
    }
    code.place(nextPanel);
    code.add(VPXOR, vector(0), vector(0), vector(0));
    for (stream = 0; stream < streams; stream++) {
      clearTotals();
    }
    code.add(MOV, R10, RSI);
    code.add(MOV, RAX, RCX);
    code.place(nextBlock);
    for (stream = 0; stream < streams; stream++) {
      for (int line = 0; isFromMemory() && line < blockBytes; line += CacheLine.BYTES) {
        code.add(PREFETCHT0, block().memory(AHEAD + line));
      }
      for (int first = 0; first < panelVectors(); first += together) {
        block(first);
        code.broadcast(free(4), RBX);
        for (int vector = 0; vector < together; vector++) {
          scale(first, vector);
        }
      }
      code.add(ADD_IMMEDIATE, stream == 0 ? RDI : R12, blockBytes);
    }
    code.add(ADD_IMMEDIATE, R10, tokens * ActivationBlock.BYTES);
    code.add(SUB_IMMEDIATE, RAX, 1);
    code.add(JNE, nextBlock);
    for (int i = 0; i < streams; i++) {
      code.add(ADD_IMMEDIATE, i == 0 ? RDX : R13, PanelKernels.ROWS * Float.BYTES);
    }
    code.add(SUB_IMMEDIATE, R8, 1);
    code.add(JNE, nextPanel);
    if (streams == 2) {
      code.add(MOV, RDI, R12);
      code.add(MOV, RDX, R13);
    }
    code.place(done);
    stream = 0;
  }

  private void clearTotals() {
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

  /** One of eight vectors that hold no sums. */
  final Vector free(int number) {
    return vector(Math.max(FEW_SUMS, tokens * together) + number);
  }

  final Vector vector(int number) {
    return new Vector(number, vectorBytes);
  }

  /** Where the totals of a token and a vector of a panel's rows are. */
  final Memory totals(int token, int vector) {
    General panel = stream == 0 ? RDX : R13;
    return panel.memory(token * ProductResults.STRIDE + vector * vectorBytes);
  }

  /** A part of a token's block of activations. */
  final Memory activations(int token, int offset) {
    return R10.memory(token * ActivationBlock.BYTES + offset);
  }

  /** The weights of a group of columns and of a vector of a panel's rows. */
  final Memory weights(int group, int vector) {
    int groupBytes = PanelKernels.ROWS * Integer.BYTES;
    return block().memory(PanelKernels.SCALE_BYTES + group * groupBytes + vector * vectorBytes);
  }

  /** The scale words of a vector of a panel's rows. */
  final Memory scaleWords(int vector) {
    return block().memory(vector * vectorBytes / 2);
  }

  private General block() {
    return stream == 0 ? RDI : R12;
  }

  /** {@code total = fma(p, scale, total)}, with the float {@code p} in a register. */
  final void addToTotal(Vector p, Vector scale, int token, int vector) {
    code.add(VFMADD213PS, p, scale, totals(token, vector));
    code.add(VMOVUPS, totals(token, vector), p);
  }
}
