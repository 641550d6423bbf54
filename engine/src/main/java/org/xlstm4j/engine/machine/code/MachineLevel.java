package org.xlstm4j.engine.machine.code;

import java.util.Locale;
import java.util.Optional;

/** What the kernels tell processors of an instruction set apart by, the least first. */
public enum MachineLevel {
  /** AVX2, FMA and F16C: vectors of 256 bits. */
  AVX2(InstructionSet.X86_64, 32, false),
  /** Products of 8-bit integers besides, still of 256 bits. */
  AVX_VNNI(InstructionSet.X86_64, 32, true),
  /** AVX-512 with its parts F, BW, DQ and VL: vectors of 512 bits. */
  AVX512(InstructionSet.X86_64, 64, false),
  /** Products of 8-bit integers besides. */
  AVX512_VNNI(InstructionSet.X86_64, 64, true),
  /** Tiles with products of 8-bit integers and of bfloat16 numbers besides. */
  AMX(InstructionSet.X86_64, 64, true),
  /** What every processor of AArch64 has: vectors of 128 bits. */
  NEON(InstructionSet.AARCH64, 16, false),
  /** Products of 8-bit integers besides. */
  NEON_DOTPROD(InstructionSet.AARCH64, 16, true),
  /** Products of small matrices of 8-bit integers besides. */
  NEON_I8MM(InstructionSet.AARCH64, 16, true);

  private final InstructionSet instructionSet;
  private final int vectorBytes;
  private final boolean integerProducts;

  MachineLevel(InstructionSet instructionSet, int vectorBytes, boolean integerProducts) {
    this.instructionSet = instructionSet;
    this.vectorBytes = vectorBytes;
    this.integerProducts = integerProducts;
  }

  /**
   * The level of a name.
   *
   * @param name such as {@code avx2} or {@code neon-dotprod}
   */
  public static Optional<MachineLevel> of(String name) {
    for (MachineLevel level : values()) {
      if (level.toString().equals(name)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }

  /** What its kernels are made of. */
  public InstructionSet instructionSet() {
    return instructionSet;
  }

  /**
   * This level, or the highest one that is no higher than a cap and that this level has all of.
   *
   * @param cap the highest level wanted, of the same instruction set
   */
  public MachineLevel atMost(MachineLevel cap) {
    if (cap.compareTo(this) >= 0) {
      return this;
    }
    return cap == AVX_VNNI ? AVX2 : cap;
  }

  /** Bytes of a vector: 16, 32 or 64. */
  public int vectorBytes() {
    return vectorBytes;
  }

  /** Whether an instruction multiplies and adds four 8-bit integers a lane. */
  public boolean hasIntegerProducts() {
    return integerProducts;
  }

  /** Whether there are tile registers. */
  public boolean hasTiles() {
    return this == AMX;
  }

  /** The name that the property {@code xlstm4j.machine} takes. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
