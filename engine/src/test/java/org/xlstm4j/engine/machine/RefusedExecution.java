package org.xlstm4j.engine.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Has Linux refuse to make memory executable from now on in the thread that asks, as a hardened
 * system does: a filter of system calls, the manual's {@code seccomp(2)}, that answers {@code
 * mprotect} with {@code EACCES} where it asks for execution.
 */
final class RefusedExecution {
  private static final int SET_SECCOMP = 22;
  private static final int FILTER = 2;
  private static final int SET_NO_NEW_PRIVILEGES = 38;

  private static final int LOAD = 0x20;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int JUMP_IF_SET = 0x45;
  private static final int RETURN = 0x06;

  /** In {@code struct seccomp_data}. */
  private static final int NUMBER = 0;

  private static final int THIRD_ARGUMENT = 32;

  private static final int MPROTECT = 10;
  private static final int EXECUTION = 4;
  private static final int ALLOW = 0x7fff0000;
  private static final int ACCESS_DENIED = 0x00050000 | 13;

  private RefusedExecution() {}

  /** Returns whether the system does. */
  static boolean begin() {
    long[] program = {
      instruction(LOAD, 0, 0, NUMBER),
      instruction(JUMP_IF_EQUAL, 0, 3, MPROTECT),
      instruction(LOAD, 0, 0, THIRD_ARGUMENT),
      instruction(JUMP_IF_SET, 0, 1, EXECUTION),
      instruction(RETURN, 0, 0, ACCESS_DENIED),
      instruction(RETURN, 0, 0, ALLOW)
    };
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment instructions = arena.allocateFrom(ValueLayout.JAVA_LONG, program);
      MemorySegment filter = arena.allocate(16, 8);
      filter.set(ValueLayout.JAVA_SHORT, 0, (short) program.length);
      filter.set(ValueLayout.ADDRESS, 8, instructions);
      return control(SET_NO_NEW_PRIVILEGES, 1, 0) == 0
          && control(SET_SECCOMP, FILTER, filter.address()) == 0;
    }
  }

  private static int control(long option, long second, long third) {
    MemorySegment first = MemorySegment.ofAddress(option);
    return (int) NativeCall.call(NativeCall.find("prctl"), first, second, third, 0, 0, 0);
  }

  /** {@code struct sock_filter}. */
  private static long instruction(int code, int jumpIfTrue, int jumpIfFalse, int value) {
    return code | jumpIfTrue << 16 | (long) jumpIfFalse << 24 | (long) value << 32;
  }
}
