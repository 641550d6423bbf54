package org.xlstm4j.loader.bytes;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** The bytes of a memory segment as a stream, without copying the whole. */
public final class SegmentInputStream extends InputStream {
  private final MemorySegment bytes;
  private long position;

  public SegmentInputStream(MemorySegment bytes) {
    this.bytes = bytes;
  }

  @Override
  public int read() {
    return position < bytes.byteSize()
        ? Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, position++))
        : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    long left = bytes.byteSize() - position;
    if (left == 0 && length > 0) {
      return -1;
    }
    int count = (int) Math.min(left, length);
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, position, target, offset, count);
    position += count;
    return count;
  }
}
