package org.xlstm4j.engine.machine.x86.assembler;

/**
 * Which field of an encoding holds which operand. The manual's fields are {@code reg}, a register;
 * {@code rm}, a register or memory; and {@code vvvv}, a register that only vector instructions
 * have. An immediate operand may follow.
 */
enum Form {
  /** A place in the listing, not an instruction. */
  LABEL,
  /** No operands. */
  NONE,
  /** A register within the opcode. */
  OPCODE_REGISTER,
  /** {@code reg, rm}. */
  REG_RM,
  /** {@code rm, reg}. */
  RM_REG,
  /** {@code rm} alone; an extension of the opcode takes the field {@code reg}. */
  RM,
  /** {@code rm} alone, only an address: no register's size is meant. */
  ADDRESS,
  /** A jump to a label, relative to its end. */
  JUMP,
  /** Vectors: {@code reg, rm}. */
  VECTOR_REG_RM,
  /** Vectors: {@code rm, reg}. */
  VECTOR_RM_REG,
  /** Vectors: {@code reg, rm} for a load, {@code rm, reg} for a store. */
  VECTOR_MOVE,
  /** Vectors: {@code reg, vvvv, rm}. */
  VECTOR_REG_VVVV_RM,
  /** Vectors: {@code rm, vvvv, reg}. */
  VECTOR_RM_VVVV_REG,
  /** Vectors: {@code vvvv, rm}; an extension of the opcode takes the field {@code reg}. */
  VECTOR_VVVV_RM,
  /** Tiles: no operands, the fields {@code reg} and {@code rm} hold zeros. */
  TILE_NONE,
  /** Tiles: {@code rm} alone. */
  TILE_RM,
  /** Tiles: {@code reg} alone; the field {@code rm} holds zeros. */
  TILE_REG,
  /** Tiles: {@code reg, rm}. */
  TILE_REG_RM,
  /** Tiles: {@code rm, reg}. */
  TILE_RM_REG,
  /** Tiles: {@code reg, rm, vvvv}. */
  TILE_REG_RM_VVVV
}
