package org.xlstm4j.engine.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.engine.machine.assembler.General;
import org.xlstm4j.engine.machine.assembler.Memory;
import org.xlstm4j.engine.machine.assembler.Vector;

/**
 * Numbers that listings name while they are made, each in all lanes of the widest vector, so that
 * instructions of any width read them as an operand. A kernel gets the table's address as its last
 * operand.
 */
final class MathConstants {
  private final General table;
  private final List<Integer> numbers = new ArrayList<>();

  /**
   * An empty table.
   *
   * @param table the register that holds its address in the kernels
   */
  MathConstants(General table) {
    this.table = table;
  }

  /** A float, as an operand. */
  Memory of(float number) {
    return ofBits(Float.floatToRawIntBits(number));
  }

  /** 32 bits, as an operand. */
  Memory ofBits(int bits) {
    int index = numbers.indexOf(bits);
    if (index < 0) {
      index = numbers.size();
      numbers.add(bits);
    }
    return table.memory(index * Vector.ZMM);
  }

  /** All numbers so far, never freed: kernels point at them. */
  MemorySegment memory() {
    MemorySegment memory =
        Arena.global().allocate(Math.max(1, numbers.size()) * (long) Vector.ZMM, Vector.ZMM);
    for (int i = 0; i < numbers.size(); i++) {
      for (int lane = 0; lane < Vector.ZMM / Integer.BYTES; lane++) {
        long at = (long) i * Vector.ZMM + (long) lane * Integer.BYTES;
        memory.set(ValueLayout.JAVA_INT, at, numbers.get(i));
      }
    }
    return memory;
  }
}
