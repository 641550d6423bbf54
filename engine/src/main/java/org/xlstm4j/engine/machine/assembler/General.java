package org.xlstm4j.engine.machine.assembler;

import java.util.Locale;

/** The general registers of 64 bits, in the order of their numbers. */
public enum General implements Operand {
  RAX,
  RCX,
  RDX,
  RBX,
  RSP,
  RBP,
  RSI,
  RDI,
  R8,
  R9,
  R10,
  R11,
  R12,
  R13,
  R14,
  R15;

  /** The memory that this register points to. */
  public Memory memory() {
    return memory(0);
  }

  /**
   * The memory behind the address in this register.
   *
   * @param displacement bytes
   */
  public Memory memory(int displacement) {
    return new Memory(this, null, 1, displacement, false);
  }

  /**
   * The memory at the sum of this register and a multiple of another.
   *
   * @param index any register but {@link #RSP}
   * @param scale 1, 2, 4 or 8
   */
  public Memory memory(General index, int scale) {
    return new Memory(this, index, scale, 0, false);
  }

  /** The name of the lower 32 bits. */
  String lowerHalf() {
    return ordinal() < R8.ordinal() ? "e" + toString().substring(1) : this + "d";
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
