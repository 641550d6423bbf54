package org.xlstm4j.engine.machine.x86.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xlstm4j.engine.machine.x86.assembler.General.*;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Mask;
import org.xlstm4j.engine.machine.x86.assembler.Operation;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/** The interpreter finds what kernels must not do, and knows the odd cases of instructions. */
class InterpreterTest {
  private static final Vector FIRST = new Vector(0, Vector.YMM);
  private static final Vector SECOND = new Vector(1, Vector.YMM);

  private final MemorySegment memory = Arena.ofAuto().allocate(64, 64);
  private final Listing code = new Listing();

  private long call(long... arguments) {
    code.add(VZEROUPPER);
    code.add(RET);
    return Interpreter.call(code, List.of(), List.of(memory), arguments);
  }

  private void fails(String message) {
    Exception failure =
        assertThrows(IllegalStateException.class, () -> call(memory.address(), 0, 0, 0, 0, 0));
    assertTrue(failure.getMessage().contains(message), failure.getMessage());
  }

  @Test
  void memoryBesideTheOperandsCannotBeTouched() {
    code.add(VMOVUPS, FIRST, RDI.memory(33));
    fails("read of 4 bytes");
  }

  @Test
  void anyMemoryMayBePrefetched() {
    code.add(PREFETCHT0, RDI.memory(-1));
    code.add(PREFETCHT0, RDI.memory(1 << 20));
    code.add(MOV_IMMEDIATE, RAX, 5);
    assertEquals(5, call(memory.address()));
  }

  @Test
  void memoryToReadCannotBeWritten() {
    code.add(VMOVUPS, RDI.memory(), FIRST);
    code.add(RET);
    MemorySegment constant = memory.asReadOnly();
    assertThrows(
        IllegalStateException.class,
        () -> Interpreter.call(code, List.of(constant), List.of(), constant.address()));
  }

  @Test
  void lanesThatAreMaskedOutDoNotTouchMemory() {
    memory.set(ValueLayout.JAVA_INT, 60, 7);
    code.add(MOV_IMMEDIATE, RAX, 1);
    code.add(KMOVW, new Mask(1), RAX);
    Vector zmm = new Vector(3, Vector.ZMM);
    code.addMasked(new Mask(1), VMOVDQU, zmm, RDI.memory(60));
    code.add(VMOVQ_STORE, RAX, zmm.as(Vector.XMM));
    assertEquals(7, call(memory.address()));
  }

  @Test
  void registersOfTheCallerHaveToStay() {
    code.add(MOV_IMMEDIATE, RBX, 0);
    fails("changed rbx");
  }

  @Test
  void theStackHasToBeGivenBack() {
    code.add(PUSH, RBX);
    fails("returns to elsewhere");
  }

  @Test
  void upperHalvesHaveToBeCleared() {
    code.add(VPXOR, FIRST, FIRST, FIRST);
    code.add(RET);
    fails("upper halves");
  }

  @Test
  void loopsHaveToEnd() {
    Label again = new Label("again");
    code.place(again);
    code.add(JMP, again);
    fails("does not come to an end");
  }

  @Test
  void sumsOfProductsOfBytesSaturate() {
    assertEquals(0x7fff_7fffL, bytes(VPMADDUBSW, 0xffffffff, 0x7f7f7f7f));
    assertEquals(0x8000_8000L, bytes(VPMADDUBSW, 0xffffffff, 0x80808080));
    assertEquals(0x7f00_7f00L, bytes(VPMADDUBSW, 0x80808080, 0x7f7f7f7f));
  }

  @Test
  void signsOfBytesWrapAround() {
    assertEquals(0x80_00_7f_81L, bytes(VPSIGNB, 0x80_55_7f_7f, 0x80_00_01_80));
  }

  /** The lowest lane of the result. */
  private long bytes(Operation operation, int first, int second) {
    Listing listing = new Listing();
    listing.add(VPBROADCASTD, FIRST, RDI.memory(0));
    listing.add(VPBROADCASTD, SECOND, RDI.memory(4));
    listing.add(operation, FIRST, FIRST, SECOND);
    listing.add(VMOVQ_STORE, RAX, FIRST.as(Vector.XMM));
    listing.add(SHL, RAX, 32);
    listing.add(SHR, RAX, 32);
    listing.add(VZEROUPPER);
    listing.add(RET);
    memory.set(ValueLayout.JAVA_INT, 0, first);
    memory.set(ValueLayout.JAVA_INT, 4, second);
    return Interpreter.call(listing, List.of(memory), List.of(), memory.address());
  }
}
