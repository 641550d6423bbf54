package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.Operation.VFMADD213PS;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.VMOVUPS;

import org.xlstm4j.engine.machine.code.MathConstants;
import org.xlstm4j.engine.machine.x86.assembler.General;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Memory;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

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

  /**
   * Adds code for a polynomial.
   *
   * @param target receives it
   * @param x what it is of, another register
   * @param factors highest power first, at least one
   */
  void polynomial(Listing code, Vector target, Vector x, float[] factors) {
    code.add(VMOVUPS, target, of(factors[0]));
    for (int i = 1; i < factors.length; i++) {
      code.add(VFMADD213PS, target, x, of(factors[i]));
    }
  }
}
