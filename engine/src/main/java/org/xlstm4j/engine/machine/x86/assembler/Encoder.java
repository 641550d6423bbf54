package org.xlstm4j.engine.machine.x86.assembler;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns instructions into bytes, as Intel's Software Developer's Manual, volume 2, chapter 2
 * describes them. Vector instructions take the VEX form where it can say them, else the EVEX form
 * of AVX-512. Jumps always have a distance of 32 bits.
 */
final class Encoder {
  private static final Tile NO_TILE = new Tile(0);
  private static final int REX = 0x40;
  private static final int WIDE = REX | 8;
  private static final int ARITHMETIC = 0x81;
  private static final int ARITHMETIC_OF_A_BYTE = 0x83;
  private static final int SHIFT = 0xc1;
  private static final int SHIFT_BY_ONE = 0xd1;

  private byte[] bytes = new byte[4096];
  private int length;
  private final Map<Label, Integer> places = new HashMap<>();
  private final Map<Integer, Label> jumps = new HashMap<>();

  private Encoder() {}

  static byte[] encode(List<Instruction> instructions) {
    Encoder encoder = new Encoder();
    for (Instruction instruction : instructions) {
      encoder.encode(instruction);
    }
    encoder.link();
    return Arrays.copyOf(encoder.bytes, encoder.length);
  }

  private void link() {
    jumps.forEach(
        (at, label) -> {
          Integer place = places.get(label);
          if (place == null) {
            throw new IllegalStateException("no place for label " + label);
          }
          int distance = place - (at + Integer.BYTES);
          for (int i = 0; i < Integer.BYTES; i++) {
            bytes[at + i] = (byte) (distance >> (8 * i));
          }
        });
  }

  private void encode(Instruction instruction) {
    Operation operation = instruction.operation();
    List<Operand> operands = instruction.operands();
    switch (operation.form) {
      case LABEL -> places.put((Label) operands.get(0), length);
      case NONE -> opcode(operation.opcode);
      case OPCODE_REGISTER -> {
        int number = operands.get(0).number();
        if (number > 7) {
          put(0x41);
        }
        put(operation.opcode + (number & 7));
      }
      case REG_RM -> general(operation, operands.get(0).number(), operands.get(1));
      case RM_REG -> general(operation, operands.get(1).number(), operands.get(0));
      case RM -> generalExtended(operation, operands);
      case ADDRESS -> address(operation, operands.get(0));
      case JUMP -> {
        opcode(operation.opcode);
        jumps.put(length, (Label) operands.get(0));
        putInt(0);
      }
      case VECTOR_REG_RM -> vector(instruction, 0, -1, 1, operation.opcode);
      case VECTOR_RM_REG -> vector(instruction, 1, -1, 0, operation.opcode);
      case VECTOR_MOVE -> {
        if (operands.get(0) instanceof Memory) {
          vector(instruction, 1, -1, 0, operation.storeOpcode());
        } else {
          vector(instruction, 0, -1, 1, operation.opcode);
        }
      }
      case VECTOR_REG_VVVV_RM -> vector(instruction, 0, 1, 2, operation.opcode);
      case VECTOR_RM_VVVV_REG -> vector(instruction, 2, 1, 0, operation.opcode);
      case VECTOR_VVVV_RM -> vector(instruction, -1, 0, 1, operation.opcode);
      case TILE_NONE -> tile(instruction, NO_TILE);
      case TILE_REG -> tile(instruction, operands.get(0));
      case TILE_RM -> vector(instruction, -1, -1, 0, operation.opcode);
      case TILE_REG_RM -> vector(instruction, 0, -1, 1, operation.opcode);
      case TILE_RM_REG -> vector(instruction, 1, -1, 0, operation.opcode);
      case TILE_REG_RM_VVVV -> vector(instruction, 0, 2, 1, operation.opcode);
    }
  }

  private void general(Operation operation, int reg, Operand rm) {
    rex(reg, rm);
    opcode(operation.opcode);
    modRm(reg, rm, 1);
  }

  /** Constants take one byte where that is enough. */
  private void generalExtended(Operation operation, List<Operand> operands) {
    Operand rm = operands.get(0);
    rex(operation.extension, rm);
    if (operands.size() == 1) {
      opcode(operation.opcode);
      modRm(operation.extension, rm, 1);
      return;
    }
    int value = ((Immediate) operands.get(1)).value();
    if (operation.opcode == SHIFT) {
      opcode(value == 1 ? SHIFT_BY_ONE : SHIFT);
      modRm(operation.extension, rm, 1);
      if (value != 1) {
        put(value);
      }
    } else if (operation.opcode == ARITHMETIC && value == (byte) value) {
      opcode(ARITHMETIC_OF_A_BYTE);
      modRm(operation.extension, rm, 1);
      put(value);
    } else {
      opcode(operation.opcode);
      modRm(operation.extension, rm, 1);
      putInt(value);
    }
  }

  private void address(Operation operation, Operand rm) {
    int high = highBits(operation.extension, rm);
    if (high != 0) {
      put(REX | high);
    }
    opcode(operation.opcode);
    modRm(operation.extension, rm, 1);
  }

  private void rex(int reg, Operand rm) {
    put(WIDE | highBits(reg, rm));
  }

  /** The highest bits of the registers' numbers, as the prefix REX has them. */
  private static int highBits(int reg, Operand rm) {
    return (reg >> 3) << 2 | indexNumber(rm) >> 3 << 1 | baseNumber(rm) >> 3;
  }

  /**
   * A vector instruction.
   *
   * @param reg index of the operand in the field {@code reg}, or -1
   * @param vvvv index of the operand in the field {@code vvvv}, or -1
   * @param rm index of the operand in the field {@code rm}
   */
  private void vector(Instruction instruction, int reg, int vvvv, int rm, int opcode) {
    Operation operation = instruction.operation();
    List<Operand> operands = instruction.operands();
    int regNumber = reg < 0 ? Math.max(operation.extension, 0) : operands.get(reg).number();
    int vvvvNumber = vvvv < 0 ? 0 : operands.get(vvvv).number();
    Operand rmOperand = operands.get(rm);
    int multiple = 1;
    if (instruction.needsEvex()) {
      evex(instruction, regNumber, vvvvNumber, rmOperand);
      multiple = multiple(instruction, rmOperand);
    } else {
      vex(instruction, regNumber, vvvvNumber, rmOperand);
    }
    put(opcode);
    modRm(regNumber, rmOperand, multiple);
    if (operands.get(operands.size() - 1) instanceof Immediate immediate) {
      put(immediate.value());
    }
  }

  /** An instruction of one tile or none, in the field {@code reg}. */
  private void tile(Instruction instruction, Operand reg) {
    vex(instruction, reg.number(), 0, NO_TILE);
    put(instruction.operation().opcode);
    modRm(reg.number(), NO_TILE, 1);
  }

  private void vex(Instruction instruction, int reg, int vvvv, Operand rm) {
    Operation operation = instruction.operation();
    int last =
        (~vvvv & 15) << 3
            | (instruction.vectorBytes() == Vector.YMM ? 4 : 0)
            | operation.prefix.number;
    boolean isShort =
        operation.map == Operation.Map.M0F
            && !operation.isWide()
            && indexNumber(rm) < 8
            && baseNumber(rm) < 8;
    int notReg = reg < 8 ? 0x80 : 0;
    if (isShort) {
      put(0xc5);
      put(notReg | last);
    } else {
      put(0xc4);
      int notIndex = indexNumber(rm) < 8 ? 0x40 : 0;
      int notBase = baseNumber(rm) < 8 ? 0x20 : 0;
      put(notReg | notIndex | notBase | operation.map.number);
      put((operation.isWide() ? 0x80 : 0) | last);
    }
  }

  private void evex(Instruction instruction, int reg, int vvvv, Operand rm) {
    Operation operation = instruction.operation();
    Mask mask = instruction.mask();
    int high = rm instanceof Vector vector ? vector.number() >> 4 : indexNumber(rm) >> 3;
    put(0x62);
    put(
        ((reg & 8) == 0 ? 0x80 : 0)
            | (high == 0 ? 0x40 : 0)
            | ((baseNumber(rm) & 8) == 0 ? 0x20 : 0)
            | ((reg & 16) == 0 ? 0x10 : 0)
            | operation.map.number);
    put((operation.isWide() ? 0x80 : 0) | (~vvvv & 15) << 3 | 4 | operation.prefix.number);
    int size = instruction.vectorBytes() / Vector.YMM;
    boolean toZero = mask != null && instruction.operands().get(0) instanceof Vector;
    put(
        (toZero ? 0x80 : 0)
            | size << 5
            | (rm instanceof Memory memory && memory.broadcast() ? 0x10 : 0)
            | ((vvvv & 16) == 0 ? 8 : 0)
            | (mask == null ? 0 : mask.number()));
  }

  /** Of how many bytes a displacement of one byte is a multiple with EVEX. */
  private static int multiple(Instruction instruction, Operand rm) {
    if (rm instanceof Memory memory && memory.broadcast()) {
      return Integer.BYTES;
    }
    return switch (instruction.operation().tuple) {
      case FULL -> instruction.vectorBytes();
      case HALF -> instruction.vectorBytes() / 2;
      case LANE -> Vector.XMM;
      case SCALAR -> Integer.BYTES;
    };
  }

  private void modRm(int reg, Operand rm, int multiple) {
    int middle = (reg & 7) << 3;
    if (!(rm instanceof Memory memory)) {
      put(0xc0 | middle | (rm.number() & 7));
      return;
    }
    General index = memory.index();
    int base = memory.base().number & 7;
    int displacement = memory.displacement();
    boolean none = displacement == 0 && base != General.RBP.number;
    int scaled = displacement / multiple;
    boolean small = displacement % multiple == 0 && scaled == (byte) scaled;
    int mode = none ? 0 : small ? 0x40 : 0x80;
    if (index != null || base == General.RSP.number) {
      int indexBits = index == null ? 4 : index.number & 7;
      put(mode | middle | 4);
      put(Integer.numberOfTrailingZeros(memory.scale()) << 6 | indexBits << 3 | base);
    } else {
      put(mode | middle | base);
    }
    if (mode == 0x40) {
      put(scaled);
    } else if (mode == 0x80) {
      putInt(displacement);
    }
  }

  /** The number in the field {@code rm}, its bit 4 aside. */
  private static int baseNumber(Operand rm) {
    return rm instanceof Memory memory ? memory.base().number : rm.number() & 15;
  }

  private static int indexNumber(Operand rm) {
    @Nullable General index = rm instanceof Memory memory ? memory.index() : null;
    return index == null ? 0 : index.number;
  }

  /** One to three bytes, the highest first. */
  private void opcode(int value) {
    if (value > 0xffff) {
      put(value >> 16);
    }
    if (value > 0xff) {
      put(value >> 8);
    }
    put(value);
  }

  private void putInt(int value) {
    for (int i = 0; i < Integer.BYTES; i++) {
      put(value >> (8 * i));
    }
  }

  private void put(int value) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * length);
    }
    bytes[length++] = (byte) value;
  }
}
