package org.xlstm4j.engine.machine.arm.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Operation;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;

/** The interpreter finds what kernels must not do, and knows the odd cases of instructions. */
class A64InterpreterTest {
  private static final A64Vector FIRST = new A64Vector(0);
  private static final A64Vector SECOND = new A64Vector(1);

  private final MemorySegment memory = Arena.ofAuto().allocate(64, 64);
  private final A64Listing code = new A64Listing();

  private long call(long... arguments) {
    code.add(RET);
    return A64Interpreter.call(code, List.of(), List.of(memory), arguments);
  }

  private void fails(String message) {
    Exception failure = assertThrows(IllegalStateException.class, () -> call(memory.address()));
    assertTrue(failure.getMessage().contains(message), failure.getMessage());
  }

  @Test
  void memoryBesideTheOperandsCannotBeTouched() {
    code.add(LDR_Q, FIRST, X0.memory(49));
    fails("read of 1 bytes");
  }

  @Test
  void anyMemoryMayBePrefetched() {
    code.add(PRFM, X0.memory(1 << 12));
    code.set(X0, 5);
    assertEquals(5, call(memory.address()));
  }

  @Test
  void memoryToReadCannotBeWritten() {
    code.add(STR_Q, FIRST, X0.memory());
    code.add(RET);
    assertThrows(
        IllegalStateException.class,
        () -> A64Interpreter.call(code, List.of(memory), List.of(), memory.address()));
  }

  @Test
  void registersOfTheCallerStay() {
    code.set(X19, 1);
    fails("changed x19");
  }

  @Test
  void theSystemsRegisterStays() {
    code.set(X18, 1);
    fails("changed the system's register");
  }

  @Test
  void lowerHalvesOfVectorsOfTheCallerStay() {
    code.clear(new A64Vector(15));
    fails("changed d15");
  }

  @Test
  void theStackIsGivenBack() {
    code.add(SUB_NUMBER, SP, SP, 16);
    fails("stack pointer");
  }

  @Test
  void whatDoesNotFitSixteenBitsIsFound() {
    code.broadcast(FIRST, X1, 0x80808080);
    code.add(SMULL, SECOND, FIRST, FIRST);
    code.add(SMLAL, SECOND, FIRST, FIRST);
    fails("32768 does not fit 16 bits");
  }

  @Test
  void anEndlessLoopIsFound() {
    A64Label again = new A64Label("again");
    code.place(again);
    code.add(B, again);
    fails("does not come to an end");
  }

  /** Numbers that are none win, and of zeros the one with the right sign. */
  @Test
  void minimumAndMaximum() {
    assertEquals(Float.NaN, of(FMIN, Float.NaN, 1));
    assertEquals(Float.NaN, of(FMAX, 1, Float.NaN));
    assertEquals(-0f, of(FMIN, 0, -0f));
    assertEquals(0f, of(FMAX, -0f, 0));
  }

  @Test
  void ordinaryRoundingIsToTheNearestEven() {
    for (float[] pair : new float[][] {{0.5f, 0}, {1.5f, 2}, {-2.5f, -2}, {1e10f, 0x7fffffff}}) {
      memory.set(ValueLayout.JAVA_FLOAT, 0, pair[0]);
      A64Listing listing = new A64Listing();
      listing.add(LDR_Q, FIRST, X0.memory());
      listing.add(FCVTNS, FIRST, FIRST);
      listing.add(STR_Q, FIRST, X0.memory());
      listing.add(RET);
      A64Interpreter.call(listing, List.of(), List.of(memory), memory.address());
      assertEquals((int) pair[1], memory.get(ValueLayout.JAVA_INT, 0));
    }
  }

  private float of(A64Operation operation, float first, float second) {
    memory.set(ValueLayout.JAVA_FLOAT, 0, first);
    memory.set(ValueLayout.JAVA_FLOAT, 16, second);
    A64Listing listing = new A64Listing();
    listing.add(LDP_Q, FIRST, SECOND, X0.memory());
    listing.add(operation, FIRST, FIRST, SECOND);
    listing.add(STR_Q, FIRST, X0.memory());
    listing.add(RET);
    A64Interpreter.call(listing, List.of(), List.of(memory), memory.address());
    return memory.get(ValueLayout.JAVA_FLOAT, 0);
  }
}
