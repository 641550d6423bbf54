package org.xlstm4j.engine.machine.code;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Numbers that listings name while they are made, each in all lanes of the widest vector, so that
 * instructions of any width read them as an operand. A kernel gets the table's address.
 */
public final class MathConstants {
  /** Bytes of a number: those of the widest vectors. */
  private static final int NUMBER_BYTES = 64;

  private final List<Integer> numbers = new ArrayList<>();

  /** Where a float is in the table, in bytes. */
  public int offset(float number) {
    return offsetOfBits(Float.floatToRawIntBits(number));
  }

  /** Where 32 bits are in the table, in bytes. */
  public int offsetOfBits(int bits) {
    int index = numbers.indexOf(bits);
    if (index < 0) {
      index = numbers.size();
      numbers.add(bits);
    }
    return index * NUMBER_BYTES;
  }

  /** All numbers so far, never freed: kernels point at them. */
  public MemorySegment memory() {
    MemorySegment memory =
        Arena.global().allocate(Math.max(1, numbers.size()) * (long) NUMBER_BYTES, NUMBER_BYTES);
    for (int i = 0; i < numbers.size(); i++) {
      for (int lane = 0; lane < NUMBER_BYTES / Integer.BYTES; lane++) {
        long at = (long) i * NUMBER_BYTES + (long) lane * Integer.BYTES;
        memory.set(ValueLayout.JAVA_INT, at, numbers.get(i));
      }
    }
    return memory;
  }
}
