package org.xlstm4j.engine.machine;

import static org.xlstm4j.engine.machine.assembler.General.R8;
import static org.xlstm4j.engine.machine.assembler.General.RAX;
import static org.xlstm4j.engine.machine.assembler.General.RCX;
import static org.xlstm4j.engine.machine.assembler.General.RDI;
import static org.xlstm4j.engine.machine.assembler.General.RSI;
import static org.xlstm4j.engine.machine.assembler.Operation.*;

import org.xlstm4j.engine.machine.assembler.General;
import org.xlstm4j.engine.machine.assembler.Label;
import org.xlstm4j.engine.machine.assembler.Listing;
import org.xlstm4j.engine.machine.assembler.Vector;

/**
 * Sums over arrays, returned as the bits of a float. Four vectors of sums hide the latency of
 * additions; what does not fill four is added to the first.
 */
final class ReductionListing {
  private static final int SUMS = 4;
  private static final int FIRST_VALUE = 4;

  private final Listing code = new Listing();
  private final KernelFunction function = KernelFunction.saving();
  private final int vectorBytes;
  private final Vector mean;
  private final Vector mask;

  private ReductionListing(MachineLevel level) {
    vectorBytes = level.vectorBytes();
    mean = vector(14);
    mask = vector(15);
    function.enterArrays(code);
    for (int i = 0; i < SUMS; i++) {
      code.add(VPXOR, vector(i), vector(i), vector(i));
    }
  }

  /** What adds a vector of elements to a sum. */
  private interface Addition {
    void add(Vector sum, Vector value, Vector other);
  }

  /** The sum of x: operand x. */
  static Listing sum(MachineLevel level) {
    ReductionListing listing = new ReductionListing(level);
    return listing.reduce(
        false, (sum, value, other) -> listing.code.add(VADDPS, sum, sum, value), RDI);
  }

  /** The sum of {@code (x - parameter)^2}: operand x. */
  static Listing squares(MachineLevel level) {
    ReductionListing listing = new ReductionListing(level);
    listing.code.broadcast(listing.mean, R8);
    return listing.reduce(
        true, (sum, value, other) -> listing.code.add(VFMADD231PS, sum, value, value), RDI);
  }

  /** The sum of {@code a * b}: operands a, b. */
  static Listing dot(MachineLevel level) {
    ReductionListing listing = new ReductionListing(level);
    return listing.reduce(
        false, (sum, value, other) -> listing.code.add(VFMADD231PS, sum, value, other), RDI, RSI);
  }

  private Listing reduce(boolean subtractsMean, Addition addition, General... pointers) {
    fours(subtractsMean, addition, pointers);
    VectorLoop loop = new VectorLoop(code, mask, pointers);
    Vector value = vector(FIRST_VALUE);
    Vector other = vector(FIRST_VALUE + 1);
    loop.forEach(
        "vectors",
        () -> {
          loop.load(value, pointers[0]);
          if (subtractsMean) {
            code.add(VSUBPS, value, value, mean);
            loop.clearRest(value);
          }
          if (pointers.length > 1) {
            loop.load(other, pointers[1]);
          }
          addition.add(vector(0), value, other);
        });
    code.add(VADDPS, vector(0), vector(0), vector(1));
    code.add(VADDPS, vector(2), vector(2), vector(3));
    code.add(VADDPS, vector(0), vector(0), vector(2));
    LaneSum.add(code, vector(0), vector(1));
    code.add(VMOVQ_STORE, RAX, vector(0).as(Vector.XMM));
    function.leave(code);
    return code;
  }

  /** Four vectors at a time. */
  private void fours(boolean subtractsMean, Addition addition, General... pointers) {
    int lanes = SUMS * vectorBytes / Float.BYTES;
    Label loop = new Label("fours");
    Label done = new Label("fours_done");
    code.add(MOV, RAX, RCX);
    code.add(SHR, RAX, Integer.numberOfTrailingZeros(lanes));
    code.add(TEST, RAX, RAX);
    code.add(JE, done);
    code.place(loop);
    for (int i = 0; i < SUMS; i++) {
      Vector value = vector(FIRST_VALUE + 2 * i);
      Vector other = vector(FIRST_VALUE + 2 * i + 1);
      code.add(VMOVUPS, value, pointers[0].memory(i * vectorBytes));
      if (subtractsMean) {
        code.add(VSUBPS, value, value, mean);
      }
      if (pointers.length > 1) {
        code.add(VMOVUPS, other, pointers[1].memory(i * vectorBytes));
      }
      addition.add(vector(i), value, other);
    }
    for (General pointer : pointers) {
      code.add(ADD_IMMEDIATE, pointer, SUMS * vectorBytes);
    }
    code.add(SUB_IMMEDIATE, RAX, 1);
    code.add(JNE, loop);
    code.place(done);
    code.add(AND_IMMEDIATE, RCX, lanes - 1);
  }

  private Vector vector(int number) {
    return new Vector(number, vectorBytes);
  }
}
