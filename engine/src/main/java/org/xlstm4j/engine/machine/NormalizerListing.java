package org.xlstm4j.engine.machine;

import static org.xlstm4j.engine.machine.assembler.General.*;
import static org.xlstm4j.engine.machine.assembler.Operation.*;

import org.xlstm4j.engine.machine.assembler.Listing;
import org.xlstm4j.engine.machine.assembler.Vector;

/**
 * A step of the mLSTM's normalizer: {@code k = input k}, {@code n = forget n + k}, and the sum of
 * {@code q n} is returned. Operands: keys, queries, the normalizer; the parameter's lower half is
 * the input gate's factor, its upper half the forget gate.
 */
final class NormalizerListing {
  private NormalizerListing() {}

  /** The kernel of a level. */
  static Listing of(MachineLevel level) {
    int bytes = level.vectorBytes();
    Vector sum = new Vector(0, bytes);
    Vector key = new Vector(1, bytes);
    Vector query = new Vector(2, bytes);
    Vector normalizer = new Vector(3, bytes);
    Vector input = new Vector(4, bytes);
    Vector forget = new Vector(5, bytes);
    Listing code = new Listing();
    KernelFunction function = KernelFunction.saving();
    function.enterArrays(code);
    code.broadcast(input, R8);
    code.add(SHR, R8, Integer.SIZE);
    code.broadcast(forget, R8);
    code.add(VPXOR, sum, sum, sum);
    VectorLoop loop = new VectorLoop(code, new Vector(15, bytes), RDI, RSI, RDX);
    loop.forEach(
        "elements",
        () -> {
          loop.load(key, RDI);
          loop.load(query, RSI);
          loop.load(normalizer, RDX);
          code.add(VMULPS, key, key, input);
          code.add(VFMADD213PS, normalizer, forget, key);
          code.add(VFMADD231PS, sum, query, normalizer);
          loop.store(RDI, key);
          loop.store(RDX, normalizer);
        });
    LaneSum.add(code, sum, key);
    code.add(VMOVQ_STORE, RAX, sum.as(Vector.XMM));
    function.leave(code);
    return code;
  }
}
