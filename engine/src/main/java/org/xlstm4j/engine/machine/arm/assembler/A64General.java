package org.xlstm4j.engine.machine.arm.assembler;

import java.util.Locale;

/** The general registers of 64 bits, in the order of their numbers. */
public enum A64General implements A64Operand {
  X0,
  X1,
  X2,
  X3,
  X4,
  X5,
  X6,
  X7,
  X8,
  X9,
  X10,
  X11,
  X12,
  X13,
  X14,
  X15,
  X16,
  X17,
  /** Belongs to the system. */
  X18,
  X19,
  X20,
  X21,
  X22,
  X23,
  X24,
  X25,
  X26,
  X27,
  X28,
  X29,
  /** Where a function returns to. */
  X30,
  /** As an address the stack pointer. */
  SP,
  /** As a number zero. */
  XZR;

  private static final int LAST = 31;

  /** The number that instructions call it by; the stack pointer and zero share one. */
  @Override
  @SuppressWarnings("EnumOrdinal") // constants stand in the order of their numbers
  public int number() {
    return Math.min(ordinal(), LAST);
  }

  /** The memory that this register points to. */
  public A64Memory memory() {
    return memory(0);
  }

  /**
   * The memory behind the address in this register.
   *
   * @param offset bytes
   */
  public A64Memory memory(int offset) {
    return new A64Memory(this, null, offset, A64Memory.Mode.OFFSET);
  }

  /** The memory at the sum of this register and another. */
  public A64Memory memory(A64General index) {
    return new A64Memory(this, index, 0, A64Memory.Mode.OFFSET);
  }

  /**
   * The memory that this register points to before it moves on.
   *
   * @param step bytes
   */
  public A64Memory thenAdd(int step) {
    return new A64Memory(this, null, step, A64Memory.Mode.THEN_ADD);
  }

  /** The name of the lower 32 bits. */
  String lowerHalf() {
    return this == XZR ? "wzr" : "w" + number();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
