package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.R8;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDI;
import static org.xlstm4j.engine.machine.x86.assembler.General.RSI;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/** Sums and products of arrays, element by element. */
final class ArithmeticListing {
  private final Listing code = new Listing();
  private final KernelFunction function = KernelFunction.saving();
  private final Vector first;
  private final Vector second;
  private final Vector factor;
  private final Vector mask;

  private ArithmeticListing(MachineLevel level) {
    int bytes = level.vectorBytes();
    first = new Vector(0, bytes);
    second = new Vector(1, bytes);
    factor = new Vector(2, bytes);
    mask = new Vector(15, bytes);
    function.enterArrays(code);
  }

  /** {@code y = y * x}: operands x, y. */
  static Listing multiply(MachineLevel level) {
    ArithmeticListing listing = new ArithmeticListing(level);
    return listing.pairs(
        () -> listing.code.add(VMULPS, listing.second, listing.second, listing.first));
  }

  /** {@code y = y + x}: operands x, y. */
  static Listing add(MachineLevel level) {
    ArithmeticListing listing = new ArithmeticListing(level);
    return listing.pairs(
        () -> listing.code.add(VADDPS, listing.second, listing.second, listing.first));
  }

  /** {@code x = parameter * x}: operand x. */
  static Listing scale(MachineLevel level) {
    ArithmeticListing listing = new ArithmeticListing(level);
    return listing.scaled();
  }

  private Listing scaled() {
    code.broadcast(factor, R8);
    VectorLoop loop = new VectorLoop(code, mask, RDI);
    loop.forEach(
        "elements",
        () -> {
          loop.load(first, RDI);
          code.add(VMULPS, first, first, factor);
          loop.store(RDI, first);
        });
    return end();
  }

  private Listing pairs(Runnable operation) {
    VectorLoop loop = new VectorLoop(code, mask, RDI, RSI);
    loop.forEach(
        "elements",
        () -> {
          loop.load(first, RDI);
          loop.load(second, RSI);
          operation.run();
          loop.store(RSI, second);
        });
    return end();
  }

  private Listing end() {
    function.leave(code);
    return code;
  }
}
