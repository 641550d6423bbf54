package org.xlstm4j.engine.machine.arm.interpreter;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xlstm4j.engine.machine.arm.assembler.A64General;
import org.xlstm4j.engine.machine.arm.assembler.A64Instruction;
import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Memory;
import org.xlstm4j.engine.machine.arm.assembler.A64Number;
import org.xlstm4j.engine.machine.arm.assembler.A64Operand;
import org.xlstm4j.engine.machine.arm.assembler.A64Operation;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;
import org.xlstm4j.engine.machine.interpreter.InterpretedMemory;

/**
 * Runs the instructions of a listing as the Arm Architecture Reference Manual describes them, on a
 * processor of Java arrays. So kernels for processors that are not at hand can be tested, and a
 * read or write outside the operands is an exception and not luck.
 */
public final class A64Interpreter {
  private static final long RETURN_ADDRESS = 0x1234_5678_9abc_def0L;
  private static final int MOST_STEPS = 50_000_000;
  private static final int FIRST_PRESERVED = 19;
  private static final int FIRST_PRESERVED_VECTOR = 8;
  private static final int PRESERVED_VECTORS = 8;

  private final InterpretedMemory memory;
  private final VectorUnit vectors;
  private final long[] general = new long[31];
  private long stackPointer;

  /** Whether the numbers that were compared last are equal. */
  private boolean equal;

  /** Whether the first of them is at least the second, without sign. */
  private boolean atLeast;

  private A64Operation operation = A64Operation.RET;
  private List<A64Operand> operands = List.of();

  private A64Interpreter(InterpretedMemory memory) {
    this.memory = memory;
    this.vectors = new VectorUnit();
    stackPointer = memory.stackPointer();
    for (int i = 0; i < general.length; i++) {
      general[i] = 0x7edcba98_7fedcba9L + i;
    }
  }

  /**
   * Calls a function of up to eight arguments.
   *
   * @param readOnly memory that it may read
   * @param writable memory that it may read and write
   * @return what it returns
   * @throws IllegalStateException if it touches other memory or breaks the calling convention
   */
  public static long call(
      A64Listing function,
      List<MemorySegment> readOnly,
      List<MemorySegment> writable,
      long... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      A64Interpreter processor =
          new A64Interpreter(new InterpretedMemory(readOnly, writable, arena));
      System.arraycopy(arguments, 0, processor.general, 0, arguments.length);
      return processor.call(function);
    }
  }

  private long call(A64Listing function) {
    general[A64General.X30.number()] = RETURN_ADDRESS;
    long[] before = general.clone();
    long stackBefore = stackPointer;
    long[] vectorsBefore = preservedVectors();
    run(function.instructions());
    for (int i = FIRST_PRESERVED; i < general.length; i++) {
      if (general[i] != before[i]) {
        throw new IllegalStateException("changed x" + i);
      }
    }
    if (stackPointer != stackBefore) {
      throw new IllegalStateException("left the stack pointer elsewhere");
    }
    if (general[A64General.X18.number()] != before[A64General.X18.number()]) {
      throw new IllegalStateException("changed the system's register");
    }
    long[] vectorsAfter = preservedVectors();
    for (int i = 0; i < PRESERVED_VECTORS; i++) {
      if (vectorsAfter[i] != vectorsBefore[i]) {
        throw new IllegalStateException("changed d" + (FIRST_PRESERVED_VECTOR + i));
      }
    }
    return general[0];
  }

  private long[] preservedVectors() {
    long[] halves = new long[PRESERVED_VECTORS];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = vectors.lower(new A64Vector(FIRST_PRESERVED_VECTOR + i));
    }
    return halves;
  }

  private void run(List<A64Instruction> instructions) {
    Map<A64Label, Integer> places = new HashMap<>();
    for (int i = 0; i < instructions.size(); i++) {
      if (instructions.get(i).operation() == A64Operation.LABEL) {
        places.put((A64Label) instructions.get(i).operands().getFirst(), i);
      }
    }
    int next = 0;
    for (int steps = 0; steps < MOST_STEPS; steps++) {
      A64Instruction instruction = instructions.get(next++);
      operation = instruction.operation();
      operands = instruction.operands();
      if (operation == A64Operation.RET) {
        if (general[A64General.X30.number()] != RETURN_ADDRESS) {
          throw new IllegalStateException("returns to elsewhere");
        }
        return;
      } else if (operands.isEmpty() || !(operands.getLast() instanceof A64Label label)) {
        try {
          execute();
        } catch (IllegalStateException e) {
          throw new IllegalStateException(instruction + ": " + e.getMessage(), e);
        }
      } else if (branches()) {
        next = places.get(label);
      }
    }
    throw new IllegalStateException("does not come to an end");
  }

  private boolean branches() {
    return switch (operation) {
      case LABEL -> false;
      case B -> true;
      case B_NE -> !equal;
      case B_HS -> atLeast;
      case B_LO -> !atLeast;
      case CBZ -> value(0) == 0;
      case CBNZ -> value(0) != 0;
      default -> throw new IllegalStateException("no branch");
    };
  }

  private void execute() {
    switch (operation) {
      case ADD, ADD_NUMBER -> set(value(1) + value(2));
      case ADD_SHIFTED -> set(value(1) + (value(2) << value(3)));
      case SUB, SUB_NUMBER -> set(value(1) - value(2));
      case SUBS_NUMBER -> {
        compare();
        set(value(1) - value(2));
      }
      case CMP, CMP_NUMBER -> compare();
      case BIC -> set(value(1) & ~value(2));
      case ORR -> set(value(1) | value(2));
      case MADD -> set(value(1) * value(2) + value(3));
      case LSL, LSL_BY -> set(value(1) << value(2));
      case LSR -> set(value(1) >>> value(2));
      case UBFX -> set((value(1) >>> value(2)) & ((1L << value(3)) - 1));
      case MOVZ -> set(value(1) << value(2));
      case MOVK -> set((value(0) & ~(0xffffL << value(2))) | (value(1) << value(2)));
      case LDR_X -> set(memory.readLong(address(1, Long.BYTES)));
      case LDP_X -> {
        long at = address(2, 2 * Long.BYTES);
        set((A64General) operands.get(0), memory.readLong(at));
        set((A64General) operands.get(1), memory.readLong(at + Long.BYTES));
      }
      case STP_X -> {
        long at = address(2, 2 * Long.BYTES);
        memory.write(at, value(0));
        memory.write(at + Long.BYTES, value(1));
      }
      case PRFM -> {
        // changes nothing, whatever is at the address
      }
      case LDR_Q, LDR_D, LDR_S, LDR_H, STR_Q, STR_S -> transfer(1);
      case LDP_Q, LDP_D, STP_Q, STP_D -> transfer(2);
      case DUP_GENERAL -> vectors.fill((A64Vector) operands.get(0), (int) value(1));
      case FMOV_TO_W -> set(Integer.toUnsignedLong(vectors.lowest((A64Vector) operands.get(1))));
      default -> vectors.execute(operation, operands);
    }
  }

  private void compare() {
    equal = value(1) == value(2);
    atLeast = Long.compareUnsigned(value(1), value(2)) >= 0;
  }

  /** One vector or two that follow each other, as far as they are meant. */
  private void transfer(int count) {
    boolean load = operation.name().startsWith("LD");
    int bytes =
        switch (operation.name().charAt(operation.name().length() - 1)) {
          case 'Q' -> 16;
          case 'D' -> 8;
          case 'S' -> 4;
          default -> 2;
        };
    long at = address(count, count * bytes);
    for (int i = 0; i < count; i++) {
      A64Vector vector = (A64Vector) operands.get(i);
      if (load) {
        vectors.load(vector, memory, at + (long) i * bytes, bytes);
      } else {
        vectors.store(vector, memory, at + (long) i * bytes, bytes);
      }
    }
  }

  /** Where memory is; its base moves on if it is to. */
  private long address(int operand, int bytes) {
    A64Memory place = (A64Memory) operands.get(operand);
    long base = get(place.base());
    if (place.base() == A64General.SP && base % 16 != 0) {
      throw new IllegalStateException("the stack pointer is not aligned for " + bytes + " bytes");
    }
    A64General index = place.index();
    if (index != null) {
      return base + get(index);
    }
    return switch (place.mode()) {
      case OFFSET -> base + place.offset();
      case THEN_ADD -> {
        set(place.base(), base + place.offset());
        yield base;
      }
    };
  }

  private long value(int operand) {
    return switch (operands.get(operand)) {
      case A64General register -> get(register);
      case A64Number number -> number.value();
      default -> throw new IllegalStateException("no number");
    };
  }

  private long get(A64General register) {
    return switch (register) {
      case SP -> stackPointer;
      case XZR -> 0;
      default -> general[register.number()];
    };
  }

  private void set(long value) {
    set((A64General) operands.getFirst(), value);
  }

  private void set(A64General register, long value) {
    switch (register) {
      case SP -> stackPointer = value;
      case XZR -> {
        // stays zero
      }
      default -> general[register.number()] = value;
    }
  }
}
