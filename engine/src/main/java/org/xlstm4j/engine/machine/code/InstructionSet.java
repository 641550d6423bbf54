package org.xlstm4j.engine.machine.code;

import java.util.Optional;

/** The instruction sets that there are kernels for. */
public enum InstructionSet {
  /** That of Intel's and AMD's processors. */
  X86_64,
  /** That of ARM's processors of 64 bits. */
  AARCH64;

  /**
   * The one that a JVM is made for.
   *
   * @param architecture as the property {@code os.arch} names it
   */
  public static Optional<InstructionSet> of(String architecture) {
    return switch (architecture) {
      case "amd64", "x86_64" -> Optional.of(X86_64);
      case "aarch64" -> Optional.of(AARCH64);
      default -> Optional.empty();
    };
  }
}
