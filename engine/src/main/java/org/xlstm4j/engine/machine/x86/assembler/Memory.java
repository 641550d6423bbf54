package org.xlstm4j.engine.machine.x86.assembler;

import org.jspecify.annotations.Nullable;

/**
 * Memory at {@code base + scale * index + displacement}.
 *
 * @param base a register
 * @param index a register other than {@link General#RSP}, or none
 * @param scale 1, 2, 4 or 8
 * @param displacement bytes
 * @param broadcast whether an instruction of AVX-512 takes one 32-bit number for all lanes
 */
public record Memory(
    General base, @Nullable General index, int scale, int displacement, boolean broadcast)
    implements Operand {
  /** Checks the index and the scale. */
  public Memory {
    if (index == General.RSP || Integer.bitCount(scale) != 1 || scale < 1 || scale > 8) {
      throw new IllegalArgumentException("memory at " + scale + " * " + index);
    }
  }

  /**
   * Memory further on.
   *
   * @param bytes are added to the displacement
   */
  public Memory plus(int bytes) {
    return new Memory(base, index, scale, displacement + bytes, broadcast);
  }

  /** One 32-bit number from here in all lanes of a vector. */
  public Memory toAllLanes() {
    return new Memory(base, index, scale, displacement, true);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[").append(base);
    if (index != null) {
      text.append('+').append(index).append('*').append(scale);
    }
    if (displacement != 0) {
      text.append(displacement > 0 ? "+" : "").append(displacement);
    }
    return text.append(']').toString();
  }
}
