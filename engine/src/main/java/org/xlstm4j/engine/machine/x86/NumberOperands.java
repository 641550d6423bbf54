package org.xlstm4j.engine.machine.x86;

import org.xlstm4j.engine.machine.code.MathConstants;
import org.xlstm4j.engine.machine.x86.assembler.General;
import org.xlstm4j.engine.machine.x86.assembler.Memory;

/**
 * Numbers as operands in memory.
 *
 * @param table where they are
 * @param address the register that holds the table's address
 */
record NumberOperands(MathConstants table, General address) {
  /** A float. */
  Memory of(float number) {
    return address.memory(table.offset(number));
  }

  /** 32 bits. */
  Memory ofBits(int bits) {
    return address.memory(table.offsetOfBits(bits));
  }
}
