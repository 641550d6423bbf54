package org.xlstm4j.engine.machine.arm.assembler;

/**
 * Which field of an instruction holds which operand. The manual's fields for registers are {@code
 * Rd} or {@code Rt} in bits 4..0, {@code Rn} in bits 9..5, {@code Rm} in bits 20..16 and {@code Ra}
 * or {@code Rt2} in bits 14..10.
 */
enum A64Form {
  /** A place in the listing, not an instruction. */
  LABEL,
  /** No operands. */
  NONE,
  /** {@code Rd}. */
  D,
  /** {@code Rd, Rn}. */
  DN,
  /** {@code Rd, Rn, Rm}. */
  DNM,
  /** {@code Rd, Rn, Rm}, and by how many bits {@code Rm} is moved up. */
  DNM_SHIFT,
  /** {@code Rd, Rn, Rm, Ra}. */
  DNMA,
  /** {@code Rd, Rn} and 12 bits, or 12 bits with 12 zeros behind them. */
  DN_NUMBER,
  /** {@code Rd}, 16 bits, and by how many bits they are moved up. */
  D_NUMBER,
  /** {@code Rd, Rn}, and by how many bits it is moved up. */
  SHIFT_LEFT,
  /** {@code Rd, Rn}, and by how many bits it is moved down. */
  SHIFT_RIGHT,
  /** {@code Rd, Rn}, the first bit that is kept, and how many. */
  BITS,
  /** {@code Rd, Rn}, and by how many bits each lane is moved up. */
  LANES_LEFT,
  /** {@code Rd, Rn}, and by how many bits each lane is moved down. */
  LANES_RIGHT,
  /** {@code Rd, Rn}, and a number that follows from the sizes of lanes. */
  DN_FIXED,
  /** {@code Rd, Rn}, and a lane of {@code Rm}. */
  ELEMENT,
  /** {@code Rd}, and a lane of {@code Rn}. */
  FROM_LANE,
  /** {@code Rt} and memory. */
  MEMORY,
  /** {@code Rt, Rt2} and memory. */
  PAIR,
  /** Memory alone. */
  PREFETCH,
  /** A branch of 26 bits. */
  BRANCH,
  /** A branch of 19 bits. */
  BRANCH_IF,
  /** {@code Rt} and a branch of 19 bits. */
  BRANCH_IF_ZERO
}
