package org.xlstm4j.engine.machine.interpreter;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Memory of an interpreted processor: the segments given and a stack. A byte outside them cannot be
 * touched, and a byte of segments to read cannot be written.
 */
public final class InterpretedMemory {
  private static final int STACK_BYTES = 16384;
  private static final int RED_ZONE = 128;
  private static final int LINE = 64;

  private final List<MemorySegment> readOnly;
  private final List<MemorySegment> writable;
  private final MemorySegment stack;

  /**
   * Memory with a new stack.
   *
   * @param readOnly what may be read
   * @param writable what may be read and written
   * @param arena of the stack
   */
  public InterpretedMemory(
      List<MemorySegment> readOnly, List<MemorySegment> writable, Arena arena) {
    this.readOnly = readOnly;
    this.writable = writable;
    stack = arena.allocate(STACK_BYTES, LINE);
  }

  /**
   * Where a function's stack pointer is when it is called; above it there is room for arguments.
   */
  public long stackPointer() {
    return stack.address() + STACK_BYTES - RED_ZONE;
  }

  public byte readByte(long address) {
    MemorySegment segment = find(address, Byte.BYTES, false);
    return segment.get(ValueLayout.JAVA_BYTE, address - segment.address());
  }

  public short readShort(long address) {
    MemorySegment segment = find(address, Short.BYTES, false);
    return segment.get(ValueLayout.JAVA_SHORT_UNALIGNED, address - segment.address());
  }

  public int readInt(long address) {
    MemorySegment segment = find(address, Integer.BYTES, false);
    return segment.get(ValueLayout.JAVA_INT_UNALIGNED, address - segment.address());
  }

  public long readLong(long address) {
    MemorySegment segment = find(address, Long.BYTES, false);
    return segment.get(ValueLayout.JAVA_LONG_UNALIGNED, address - segment.address());
  }

  public void write(long address, int value) {
    MemorySegment segment = find(address, Integer.BYTES, true);
    segment.set(ValueLayout.JAVA_INT_UNALIGNED, address - segment.address(), value);
  }

  public void write(long address, long value) {
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
