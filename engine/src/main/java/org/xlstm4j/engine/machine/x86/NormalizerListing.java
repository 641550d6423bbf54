package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.*;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.machine.code.KernelCode;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * Steps of the mLSTM's normalizers: for each head and token {@code k = input k}, {@code n = forget
 * n + k}, and the sum of {@code q n}. Operands: keys, queries, and gates with the normalizers
 * behind them. The count's lower half is the width, its upper half the number of heads; the
 * parameter is the number of tokens.
 *
 * <pre>
 * 0  the sum     RDI  keys of this step       RBX  heads to come     R10  n in a walk
 * 1  k           RSI  queries of this step    R14  tokens to come
 * 2  q           R9   gates of this step      R12  the width
 * 3  n           RDX  n of this head          R13  tokens a head
 * 4  input
 * 5  forget
 * </pre>
 */
final class NormalizerListing {
  private static final int SUM = 2 * Float.BYTES;

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
    KernelFunction function = KernelFunction.saving(RBX, R12, R13, R14);
    function.enterArrays(code);
    code.add(MOV, R12, RCX);
    KernelFunction.splitHalves(code, RBX, R12);
    code.add(MOV, R13, R8);
    code.add(MOV, R9, RDX);
    code.add(MOV, RAX, RBX);
    code.add(IMUL, RAX, R13);
    code.add(SHL, RAX, Integer.numberOfTrailingZeros(KernelCode.NORMALIZER_STEP_BYTES));
    code.add(ADD, RDX, RAX);
    Label head = new Label("head");
    Label token = new Label("token");
    code.place(head);
    code.add(MOV, R14, R13);
    code.place(token);
    code.add(VBROADCASTSS, input, R9.memory());
    code.add(VBROADCASTSS, forget, R9.memory(Float.BYTES));
    code.add(VPXOR, sum, sum, sum);
    code.add(MOV, RCX, R12);
    code.add(MOV, R10, RDX);
    VectorLoop loop = new VectorLoop(code, new Vector(15, bytes), RDI, RSI, R10);
    loop.forEach(
        "elements",
        () -> {
          loop.load(key, RDI);
          loop.load(query, RSI);
          loop.load(normalizer, R10);
          code.add(VMULPS, key, key, input);
          code.add(VFMADD213PS, normalizer, forget, key);
          code.add(VFMADD231PS, sum, query, normalizer);
          loop.store(RDI, key);
          loop.store(R10, normalizer);
        });
    LaneSum.add(code, sum, key);
    code.add(VMOVSS, R9.memory(SUM), sum.as(Vector.XMM));
    code.add(LEA, RDI, RDI.memory(RCX, Float.BYTES));
    code.add(LEA, RSI, RSI.memory(RCX, Float.BYTES));
    code.add(ADD_IMMEDIATE, R9, KernelCode.NORMALIZER_STEP_BYTES);
    code.add(SUB_IMMEDIATE, R14, 1);
    code.add(JNE, token);
    code.add(LEA, RDX, RDX.memory(R12, Float.BYTES));
    code.add(SUB_IMMEDIATE, RBX, 1);
    code.add(JNE, head);
    function.leave(code);
    return code;
  }
}
