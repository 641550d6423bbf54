package org.xlstm4j.engine.machine.arm.assembler;

import org.jspecify.annotations.Nullable;

/**
 * Memory at {@code base + offset}, or at {@code base + index}.
 *
 * @param base a register
 * @param index a register that is added, or none
 * @param offset bytes
 * @param mode what becomes of the base
 */
public record A64Memory(A64General base, @Nullable A64General index, int offset, Mode mode)
    implements A64Operand {
  /** What becomes of the base. */
  public enum Mode {
    /** It stays, and the memory is at the offset from it. */
    OFFSET,
    /** The offset is added to it afterwards. */
    THEN_ADD
  }

  /**
   * Memory further on.
   *
   * @param bytes are added to the offset
   */
  public A64Memory plus(int bytes) {
    return new A64Memory(base, index, offset + bytes, mode);
  }

  @Override
  public String toString() {
    if (index != null) {
      return "[" + base + ", " + index + "]";
    }
    return switch (mode) {
      case OFFSET -> offset == 0 ? "[" + base + "]" : "[" + base + ", #" + offset + "]";
      case THEN_ADD -> "[" + base + "], #" + offset;
    };
  }
}
