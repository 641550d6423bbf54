package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.machine.arm.assembler.A64General;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;

/**
 * The beginning and the end of a kernel. In between, its arguments are in X0 to X7, X8 to X17 are
 * free, and so are those of X19 to X24 and all vectors that it saves. V0 to V7 and V16 to V31 are
 * always free.
 */
final class ArmFunction {
  private static final A64General[] SAVED = {X19, X20, X21, X22, X23, X24};

  /** The lower halves of these belong to the caller. */
  private static final int FIRST_SAVED_VECTOR = 8;

  private static final int SAVED_VECTORS = 8;
  private static final int PAIR = 16;

  private final int generals;
  private final int vectors;

  private ArmFunction(int generals, int vectors) {
    this.generals = generals;
    this.vectors = vectors;
  }

  /** With few registers. */
  static ArmFunction plain() {
    return new ArmFunction(0, 0);
  }

  /** With all vectors. */
  static ArmFunction withVectors() {
    return new ArmFunction(0, SAVED_VECTORS);
  }

  /** With all vectors and X19 to X24. */
  static ArmFunction withAll() {
    return new ArmFunction(SAVED.length, SAVED_VECTORS);
  }

  void enter(A64Listing code) {
    if (frame() > 0) {
      code.add(SUB_NUMBER, SP, SP, frame());
    }
    for (int i = 0; i < generals; i += 2) {
      code.add(STP_X, SAVED[i], SAVED[i + 1], SP.memory(i * Long.BYTES));
    }
    for (int i = 0; i < vectors; i += 2) {
      code.add(STP_D, saved(i), saved(i + 1), SP.memory((generals + i) * Long.BYTES));
    }
  }

  /**
   * The beginning of a kernel that is called by {@code ArrayCall}. Then X0, X1 and X2 point at the
   * three operands, X6 holds the count and X7 the parameter.
   */
  void enterArrays(A64Listing code) {
    enter(code);
    code.add(ADD, X0, X0, X3);
    code.add(ADD, X1, X1, X4);
    code.add(ADD, X2, X2, X5);
  }

  void leave(A64Listing code) {
    for (int i = 0; i < generals; i += 2) {
      code.add(LDP_X, SAVED[i], SAVED[i + 1], SP.memory(i * Long.BYTES));
    }
    for (int i = 0; i < vectors; i += 2) {
      code.add(LDP_D, saved(i), saved(i + 1), SP.memory((generals + i) * Long.BYTES));
    }
    if (frame() > 0) {
      code.add(ADD_NUMBER, SP, SP, frame());
    }
    code.add(RET);
  }

  /** Takes apart an argument of two halves: the upper one goes into a register of its own. */
  static void splitHalves(A64Listing code, A64General upper, A64General both) {
    code.add(LSR, upper, both, Integer.SIZE);
    code.add(UBFX, both, both, 0, Integer.SIZE);
  }

  private int frame() {
    return (generals + vectors) / 2 * PAIR;
  }

  private static A64Vector saved(int index) {
    return new A64Vector(FIRST_SAVED_VECTOR + index);
  }
}
