package org.xlstm4j.engine.machine.x86.interpreter;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.xlstm4j.engine.machine.interpreter.InterpretedMemory;
import org.xlstm4j.engine.machine.x86.assembler.General;
import org.xlstm4j.engine.machine.x86.assembler.Mask;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/** Registers, flags and memory of an interpreted processor. */
final class ProcessorState {
  static final int LANES = Vector.ZMM / Integer.BYTES;

  private final Map<General, Long> general = new EnumMap<>(General.class);
  private final int[][] vectors = new int[32][LANES];
  private final int[] masks = new int[8];
  final Tiles tiles = new Tiles();

  private final InterpretedMemory memory;

  /** Whether the last result was zero. */
  boolean zero;

  /** Whether the last result did not fit, taken as a number without sign. */
  boolean carry;

  /** Whether vectors wider than 128 bits were written since they were last cleared. */
  private boolean upperHalves;

  ProcessorState(List<MemorySegment> readOnly, List<MemorySegment> writable, Arena arena) {
    memory = new InterpretedMemory(readOnly, writable, arena);
    for (int[] vector : vectors) {
      Arrays.fill(vector, 0x7fedcba9);
    }
    for (General register : General.values()) {
      set(register, 0x7edcba98_7fedcba9L + register.name().hashCode());
    }
    set(General.RSP, memory.stackPointer());
  }

  long get(General register) {
    return general.get(register);
  }

  void set(General register, long value) {
    general.put(register, value);
  }

  /** What they are at the moment. */
  Map<General, Long> generalRegisters() {
    return Map.copyOf(general);
  }

  int mask(Mask register) {
    return masks[register.number()];
  }

  void set(Mask register, int value) {
    masks[register.number()] = value;
  }

  /** The lanes of a register of any size; not to be changed. */
  int[] lanes(Vector register) {
    return vectors[register.number()];
  }

  /** Sets the first lanes of a register and clears all others, as VEX and EVEX do. */
  void set(Vector register, int[] lanes, int count) {
    int[] target = vectors[register.number()];
    System.arraycopy(lanes, 0, target, 0, count);
    Arrays.fill(target, count, LANES, 0);
    upperHalves |= register.bytes() > Vector.XMM;
  }

  boolean hasUpperHalves() {
    return upperHalves;
  }

  /** What {@code vzeroupper} does. */
  void clearUpperHalves() {
    for (int i = 0; i < 16; i++) {
      Arrays.fill(vectors[i], Vector.XMM / Integer.BYTES, LANES, 0);
    }
    upperHalves = false;
  }

  short readShort(long address) {
    return memory.readShort(address);
  }

  int readInt(long address) {
    return memory.readInt(address);
  }

  long readLong(long address) {
    return memory.readLong(address);
  }

  void write(long address, int value) {
    memory.write(address, value);
  }

  void write(long address, long value) {
    memory.write(address, value);
  }
}
