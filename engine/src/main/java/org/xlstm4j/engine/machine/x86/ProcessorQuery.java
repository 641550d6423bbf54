package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.R10;
import static org.xlstm4j.engine.machine.x86.assembler.General.RAX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RBX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RCX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDI;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RSI;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.ADD;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.CPUID;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.MOV;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.MOV_IMMEDIATE;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.MOV_STORE;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.SHL;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.XGETBV;

import org.xlstm4j.engine.machine.x86.assembler.General;
import org.xlstm4j.engine.machine.x86.assembler.Listing;

/** The instructions that ask a processor what it has. They run on every processor of x86-64. */
public final class ProcessorQuery {
  private ProcessorQuery() {}

  /**
   * The instruction {@code cpuid}. Arguments: room for four numbers of 64 bits, which receive EAX,
   * EBX, ECX and EDX; the leaf; its part.
   */
  public static Listing identification() {
    Listing code = new Listing();
    KernelFunction function = KernelFunction.withoutVectors(RBX);
    function.enter(code);
    code.add(MOV, R10, RDI);
    code.add(MOV, RAX, RSI);
    code.add(MOV, RCX, RDX);
    code.add(CPUID);
    General[] results = {RAX, RBX, RCX, RDX};
    for (int i = 0; i < results.length; i++) {
      code.add(MOV_STORE, R10.memory(i * Long.BYTES), results[i]);
    }
    function.leave(code);
    return code;
  }

  /**
   * The instruction {@code xgetbv}: returns which registers the system saves when it switches
   * threads. Only where {@code cpuid} says that there is such an instruction.
   */
  public static Listing systemSupport() {
    Listing code = new Listing();
    KernelFunction function = KernelFunction.withoutVectors();
    function.enter(code);
    code.add(MOV_IMMEDIATE, RCX, 0);
    code.add(XGETBV);
    code.add(SHL, RDX, Integer.SIZE);
    code.add(ADD, RAX, RDX);
    function.leave(code);
    return code;
  }
}
