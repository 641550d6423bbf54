package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.assembler.A64General.X16;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import org.xlstm4j.engine.machine.arm.assembler.A64General;
import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;

/**
 * A walk over arrays of 32-bit elements, a vector at a time and the last ones each by itself: such
 * a vector has the element in its lowest lane and zeros in the others. X16 counts.
 */
final class NeonLoop {
  private static final int LANE_BITS = 2;

  private final A64Listing code;
  private final A64General count;
  private final A64General[] pointers;
  private boolean single;

  /**
   * A walk that is not made yet.
   *
   * @param code is added to
   * @param count holds the number of elements, and keeps it
   * @param pointers registers that hold where the arrays are, moved on behind the last element
   */
  NeonLoop(A64Listing code, A64General count, A64General... pointers) {
    this.code = code;
    this.count = count;
    this.pointers = pointers;
  }

  /** Makes the walk; the body is made once for vectors and once for single elements. */
  void forEach(String name, Runnable body) {
    A64Label rest = new A64Label(name + "_rest");
    A64Label done = new A64Label(name + "_done");
    code.add(LSR, X16, count, LANE_BITS);
    code.add(CBZ, X16, rest);
    repeat(name, body, false);
    code.place(rest);
    code.add(UBFX, X16, count, 0, LANE_BITS);
    code.add(CBZ, X16, done);
    repeat(name + "_single", body, true);
    code.place(done);
  }

  private void repeat(String name, Runnable body, boolean one) {
    A64Label loop = new A64Label(name);
    code.place(loop);
    single = one;
    body.run();
    for (A64General pointer : pointers) {
      code.add(ADD_NUMBER, pointer, pointer, one ? Float.BYTES : A64Vector.BYTES);
    }
    code.repeat(X16, loop);
  }

  void load(A64Vector target, A64General pointer) {
    code.add(single ? LDR_S : LDR_Q, target, pointer.memory());
  }

  void store(A64General pointer, A64Vector source) {
    code.add(single ? STR_S : STR_Q, source, pointer.memory());
  }

  /** Puts zeros where there are no elements. */
  void clearRest(A64Vector vector) {
    if (single) {
      code.add(FMOV_S, vector, vector);
    }
  }
}
