package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.R8;
import static org.xlstm4j.engine.machine.x86.assembler.General.R9;
import static org.xlstm4j.engine.machine.x86.assembler.General.RCX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDI;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RSI;
import static org.xlstm4j.engine.machine.x86.assembler.General.RSP;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.ADD;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.ADD_IMMEDIATE;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.MOV;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.MOV_LOAD;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.POP;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.PUSH;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.RET;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.SHL;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.SHR;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.SUB_IMMEDIATE;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.VMOVUPS;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.VZEROUPPER;

import org.xlstm4j.engine.machine.x86.assembler.General;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * The beginning and the end of a kernel. In between, its six arguments are in RDI, RSI, RDX, RCX,
 * R8 and R9, as the convention of Linux and macOS passes them; the convention of Windows is
 * translated to that. RAX, R10, R11 and all vector registers are free, the registers named here
 * too.
 */
final class KernelFunction {
  private static final int FIRST_SAVED_VECTOR = 6;
  private static final int SAVED_VECTORS = 10;
  private static final int VECTOR_SPACE = SAVED_VECTORS * Vector.XMM;

  /** From the stack pointer on entry to the fifth argument on Windows. */
  private static final int FIFTH_ARGUMENT = 40;

  /** What Windows keeps before the saved registers. */
  private static final int WINDOWS_SPACE = VECTOR_SPACE + 2 * Long.BYTES;

  private final boolean windows;
  private final boolean vectors;
  private final General[] saved;

  private KernelFunction(boolean windows, boolean vectors, General... saved) {
    this.windows = windows;
    this.vectors = vectors;
    this.saved = saved;
  }

  /** With vectors, for the system that runs. */
  static KernelFunction saving(General... saved) {
    return new KernelFunction(isWindows(), true, saved);
  }

  /** Without instructions that not every processor has, for the system that runs. */
  static KernelFunction withoutVectors(General... saved) {
    return new KernelFunction(isWindows(), false, saved);
  }

  private static boolean isWindows() {
    return System.getProperty("os.name", "").startsWith("Windows");
  }

  void enter(Listing code) {
    if (windows) {
      code.add(PUSH, RDI);
      code.add(PUSH, RSI);
      code.add(SUB_IMMEDIATE, RSP, VECTOR_SPACE);
      for (int i = 0; vectors && i < SAVED_VECTORS; i++) {
        code.add(VMOVUPS, RSP.memory(i * Vector.XMM), savedVector(i));
      }
      code.add(MOV, RDI, RCX);
      code.add(MOV, RSI, RDX);
      code.add(MOV, RDX, R8);
      code.add(MOV, RCX, R9);
      code.add(MOV_LOAD, R8, RSP.memory(WINDOWS_SPACE + FIFTH_ARGUMENT));
      code.add(MOV_LOAD, R9, RSP.memory(WINDOWS_SPACE + FIFTH_ARGUMENT + Long.BYTES));
    }
    for (General register : saved) {
      code.add(PUSH, register);
    }
  }

  /**
   * The beginning of a kernel that is called by {@code ArrayCall}. Then RDI, RSI and RDX point at
   * the three operands, RCX holds the count and R8 the parameter.
   */
  void enterArrays(Listing code) {
    enter(code);
    code.add(ADD, RDI, RCX);
    code.add(ADD, RSI, R8);
    code.add(ADD, RDX, R9);
    int seventh = saved.length * Long.BYTES + Long.BYTES;
    if (windows) {
      int fifth = saved.length * Long.BYTES + WINDOWS_SPACE + FIFTH_ARGUMENT;
      seventh = fifth + 2 * Long.BYTES;
    }
    code.add(MOV_LOAD, RCX, RSP.memory(seventh));
    code.add(MOV_LOAD, R8, RSP.memory(seventh + Long.BYTES));
  }

  void leave(Listing code) {
    for (int i = saved.length - 1; i >= 0; i--) {
      code.add(POP, saved[i]);
    }
    if (vectors) {
      code.add(VZEROUPPER);
    }
    if (windows) {
      for (int i = 0; vectors && i < SAVED_VECTORS; i++) {
        code.add(VMOVUPS, savedVector(i), RSP.memory(i * Vector.XMM));
      }
      code.add(ADD_IMMEDIATE, RSP, VECTOR_SPACE);
      code.add(POP, RSI);
      code.add(POP, RDI);
    }
    code.add(RET);
  }

  /** Takes apart an argument of two halves: the upper one goes into a register of its own. */
  static void splitHalves(Listing code, General upper, General both) {
    code.add(MOV, upper, both);
    code.add(SHR, upper, Integer.SIZE);
    code.add(SHL, both, Integer.SIZE);
    code.add(SHR, both, Integer.SIZE);
  }

  private static Vector savedVector(int index) {
    return new Vector(FIRST_SAVED_VECTOR + index, Vector.XMM);
  }
}
