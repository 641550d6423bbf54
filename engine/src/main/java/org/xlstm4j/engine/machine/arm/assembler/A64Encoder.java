package org.xlstm4j.engine.machine.arm.assembler;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns instructions into words, as the Arm Architecture Reference Manual describes them. */
final class A64Encoder {
  private static final int SIMPLE_OFFSET = 1 << 24;
  private static final int REGISTER_OFFSET = 1 << 21 | 3 << 13 | 2 << 10;
  private static final int PAIR_MODES = 3 << 23;

  private final Map<A64Label, Integer> places = new HashMap<>();
  private int at;

  private A64Encoder() {}

  static byte[] encode(List<A64Instruction> instructions) {
    A64Encoder encoder = new A64Encoder();
    int words = 0;
    for (A64Instruction instruction : instructions) {
      if (instruction.operation() == A64Operation.LABEL) {
        encoder.places.put((A64Label) instruction.operands().get(0), words);
      } else {
        words++;
      }
    }
    ByteBuffer code = ByteBuffer.allocate(words * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (A64Instruction instruction : instructions) {
      if (instruction.operation() != A64Operation.LABEL) {
        code.putInt(encoder.word(instruction));
        encoder.at++;
      }
    }
    return code.array();
  }

  private int word(A64Instruction instruction) {
    A64Operation operation = instruction.operation();
    List<A64Operand> operands = instruction.operands();
    int opcode = operation.opcode;
    return switch (operation.form) {
      case LABEL -> throw new IllegalArgumentException("a label has no word");
      case NONE -> opcode;
      case D -> opcode | register(operands, 0);
      case DN, DN_FIXED -> opcode | register(operands, 0) | register(operands, 1) << 5;
      case DNM -> opcode | registers(operands);
      case DNM_SHIFT -> opcode | registers(operands) | field(number(operands, 3), 6) << 10;
      case DNMA -> opcode | registers(operands) | register(operands, 3) << 10;
      case DN_NUMBER ->
          opcode
              | register(operands, 0)
              | register(operands, 1) << 5
              | addend(number(operands, 2)) << 10;
      case D_NUMBER ->
          opcode
              | register(operands, 0)
              | field(number(operands, 1), 16) << 5
              | (number(operands, 2) / 16) << 21;
      case SHIFT_LEFT ->
          opcode | bitField(operands, 64 - number(operands, 2), 63 - number(operands, 2));
      case SHIFT_RIGHT -> opcode | bitField(operands, number(operands, 2), 63);
      case BITS ->
          opcode
              | bitField(
                  operands, number(operands, 2), number(operands, 2) + number(operands, 3) - 1);
      case LANES_LEFT -> opcode | lanes(operands, operation.bits(1) + number(operands, 2));
      case LANES_RIGHT -> opcode | lanes(operands, 2 * operation.bits(1) - number(operands, 2));
      case ELEMENT -> opcode | registers(operands) | index(operands, 2);
      case FROM_LANE ->
          opcode
              | register(operands, 0)
              | register(operands, 1) << 5
              | laneNumber(operands, 1) << 16;
      case MEMORY ->
          memory(opcode, (A64Memory) operands.get(1), operation.bits(0) / 8)
              | register(operands, 0);
      case PREFETCH -> memory(opcode, (A64Memory) operands.get(0), 8);
      case PAIR ->
          pair(opcode, (A64Memory) operands.get(2), operation.bits(0) / 8)
              | register(operands, 0)
              | register(operands, 1) << 10;
      case BRANCH -> opcode | field(distance(operands, 0), 26);
      case BRANCH_IF -> opcode | field(distance(operands, 0), 19) << 5;
      case BRANCH_IF_ZERO -> opcode | field(distance(operands, 1), 19) << 5 | register(operands, 0);
    };
  }

  private static int register(List<A64Operand> operands, int index) {
    return operands.get(index).number();
  }

  private static int registers(List<A64Operand> operands) {
    return register(operands, 0) | register(operands, 1) << 5 | register(operands, 2) << 16;
  }

  private static int number(List<A64Operand> operands, int index) {
    return ((A64Number) operands.get(index)).value();
  }

  /** A number with or without sign in so many bits. */
  private static int field(int value, int bits) {
    if (value >= 1 << bits || value < -(1 << (bits - 1))) {
      throw new IllegalArgumentException(value + " in " + bits + " bits");
    }
    return value & ((1 << bits) - 1);
  }

  private static int addend(int value) {
    if (value > 0xfff && (value & 0xfff) == 0) {
      return 1 << 12 | positive(value >> 12, 12);
    }
    return positive(value, 12);
  }

  private static int positive(int value, int bits) {
    if (value < 0) {
      throw new IllegalArgumentException(value + " is negative");
    }
    return field(value, bits);
  }

  /** Which bits are kept: from the first to the last one, moved by rotation. */
  private static int bitField(List<A64Operand> operands, int rotation, int last) {
    return register(operands, 0)
        | register(operands, 1) << 5
        | (rotation & 63) << 16
        | positive(last, 6) << 10;
  }

  private static int lanes(List<A64Operand> operands, int shift) {
    return register(operands, 0) | register(operands, 1) << 5 | positive(shift, 7) << 16;
  }

  /** A lane of 32 bits: its lower bit is bit 21, the upper one bit 11. */
  private static int index(List<A64Operand> operands, int operand) {
    int index = ((A64Lane) operands.get(operand)).index();
    return (index & 1) << 21 | index >> 1 << 11;
  }

  /** A lane of 32 bits with a mark below that says so. */
  private static int laneNumber(List<A64Operand> operands, int operand) {
    return ((A64Lane) operands.get(operand)).index() << 3 | 4;
  }

  private static int memory(int opcode, A64Memory memory, int bytes) {
    int base = memory.base().number() << 5;
    int offset = memory.offset();
    A64General index = memory.index();
    if (index != null) {
      return (opcode & ~SIMPLE_OFFSET) | REGISTER_OFFSET | index.number() << 16 | base;
    }
    return switch (memory.mode()) {
      case OFFSET ->
          offset >= 0 && offset % bytes == 0
              ? opcode | base | positive(offset / bytes, 12) << 10
              : (opcode & ~SIMPLE_OFFSET) | base | small(offset) << 12;
      case THEN_ADD -> (opcode & ~SIMPLE_OFFSET) | base | small(offset) << 12 | 1 << 10;
    };
  }

  /** With sign in 9 bits. */
  private static int small(int offset) {
    return signed(offset, 9);
  }

  private static int signed(int value, int bits) {
    if (value >= 1 << (bits - 1)) {
      throw new IllegalArgumentException(value + " in " + bits + " bits with sign");
    }
    return field(value, bits);
  }

  private static int pair(int opcode, A64Memory memory, int bytes) {
    int mode =
        switch (memory.mode()) {
          case THEN_ADD -> 1;
          case OFFSET -> 2;
        };
    if (memory.offset() % bytes != 0) {
      throw new IllegalArgumentException("a pair at " + memory);
    }
    return (opcode & ~PAIR_MODES)
        | mode << 23
        | signed(memory.offset() / bytes, 7) << 15
        | memory.base().number() << 5;
  }

  private int distance(List<A64Operand> operands, int index) {
    A64Label label = (A64Label) operands.get(index);
    Integer place = places.get(label);
    if (place == null) {
      throw new IllegalStateException("no place for label " + label);
    }
    return place - at;
  }
}
