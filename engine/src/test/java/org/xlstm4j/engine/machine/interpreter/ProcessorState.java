package org.xlstm4j.engine.machine.interpreter;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.xlstm4j.engine.machine.assembler.General;
import org.xlstm4j.engine.machine.assembler.Mask;
import org.xlstm4j.engine.machine.assembler.Vector;

/**
 * Registers, flags and memory of an interpreted processor. Memory is the segments given and a
 * stack; a byte outside them cannot be touched, and a byte of segments to read cannot be written.
 */
final class ProcessorState {
  static final int LANES = Vector.ZMM / Integer.BYTES;

  private static final int STACK_BYTES = 16384;
  private static final int RED_ZONE = 128;

  private final Map<General, Long> general = new EnumMap<>(General.class);
  private final int[][] vectors = new int[32][LANES];
  private final int[] masks = new int[8];
  final Tiles tiles = new Tiles();

  private final List<MemorySegment> readOnly;
  private final List<MemorySegment> writable;
  private final MemorySegment stack;

  /** Whether the last result was zero. */
  boolean zero;

  /** Whether the last result did not fit, taken as a number without sign. */
  boolean carry;

  /** Whether vectors wider than 128 bits were written since they were last cleared. */
  private boolean upperHalves;

  ProcessorState(List<MemorySegment> readOnly, List<MemorySegment> writable, Arena arena) {
    this.readOnly = readOnly;
    this.writable = writable;
    stack = arena.allocate(STACK_BYTES, Vector.ZMM);
    for (int[] vector : vectors) {
      Arrays.fill(vector, 0x7fedcba9);
    }
    for (General register : General.values()) {
      set(register, 0x7edcba98_7fedcba9L + register.name().hashCode());
    }
    set(General.RSP, stack.address() + STACK_BYTES - RED_ZONE);
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
    MemorySegment segment = find(address, Short.BYTES, false);
    return segment.get(ValueLayout.JAVA_SHORT_UNALIGNED, address - segment.address());
  }

  int readInt(long address) {
    MemorySegment segment = find(address, Integer.BYTES, false);
    return segment.get(ValueLayout.JAVA_INT_UNALIGNED, address - segment.address());
  }

  long readLong(long address) {
    MemorySegment segment = find(address, Long.BYTES, false);
    return segment.get(ValueLayout.JAVA_LONG_UNALIGNED, address - segment.address());
  }

  void write(long address, int value) {
    MemorySegment segment = find(address, Integer.BYTES, true);
    segment.set(ValueLayout.JAVA_INT_UNALIGNED, address - segment.address(), value);
  }

  void write(long address, long value) {
    MemorySegment segment = find(address, Long.BYTES, true);
    segment.set(ValueLayout.JAVA_LONG_UNALIGNED, address - segment.address(), value);
  }

  private MemorySegment find(long address, int bytes, boolean toWrite) {
    if (contains(stack, address, bytes)) {
      return stack;
    }
    for (MemorySegment segment : writable) {
      if (contains(segment, address, bytes)) {
        return segment;
      }
    }
    for (MemorySegment segment : readOnly) {
      if (!toWrite && contains(segment, address, bytes)) {
        return segment;
      }
    }
    throw new IllegalStateException(
        (toWrite ? "write" : "read") + " of " + bytes + " bytes at " + place(address));
  }

  private static boolean contains(MemorySegment segment, long address, int bytes) {
    long offset = address - segment.address();
    return offset >= 0 && offset <= segment.byteSize() - bytes;
  }

  /** For messages: the distance from the nearest segments. */
  private String place(long address) {
    StringBuilder text = new StringBuilder("no place of the operands:");
    for (List<MemorySegment> segments : List.of(readOnly, writable)) {
      for (MemorySegment segment : segments) {
        long offset = address - segment.address();
        text.append(' ').append(offset).append(" of ").append(segment.byteSize()).append(',');
      }
    }
    return text.toString();
  }
}
