package org.xlstm4j.engine.machine.x86.assembler;

import java.util.Locale;

/** The general registers of 64 bits, in the order of their numbers. */
public enum General implements Operand {
  RAX(0),
  RCX(1),
  RDX(2),
  RBX(3),
  RSP(4),
  RBP(5),
  RSI(6),
  RDI(7),
  R8(8),
  R9(9),
  R10(10),
  R11(11),
  R12(12),
  R13(13),
  R14(14),
  R15(15);

  /** The number that instructions call it by. */
  final int number;

  General(int number) {
    this.number = number;
  }

  @Override
  public int number() {
    return number;
  }

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

  /**
   * The memory at none to three strides from the address in this register.
   *
   * @param stride holds bytes
   * @param threeStrides holds three times as many
   * @param count 0 to 3
   */
  public Memory strided(General stride, General threeStrides, int count) {
    return switch (count) {
      case 0 -> memory();
      case 3 -> memory(threeStrides, 1);
      default -> memory(stride, count);
    };
  }

  /** The name of the lower 32 bits. */
  String lowerHalf() {
    return number < R8.number ? "e" + toString().substring(1) : this + "d";
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
