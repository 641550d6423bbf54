package org.xlstm4j.engine.machine.code;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Where the kernels for products leave the results of one call: {@link #ROWS} floats for each
 * token. They are copied out at once, while they are in the first-level cache. Belongs to one
 * thread at a time.
 */
public final class ProductResults {
  /** Most rows of a call. */
  public static final int ROWS = 1024;

  /** Bytes from one token's results to the next: no power of two, which would share lines. */
  public static final int STRIDE = (ROWS + 16) * Float.BYTES;

  /** Most tokens of a call. */
  public static final int TOKENS = 16;

  private final MemorySegment memory = Arena.ofAuto().allocate((long) TOKENS * STRIDE, 64);

  /** Where token 0's results are. */
  public long address() {
    return memory.address();
  }

  /** Puts NaN where results go. */
  public void clear() {
    memory.fill((byte) -1);
  }

  /** Copies results to where they are wanted. */
  public void copy(int tokens, int rows, float[] y, int yOffset, int yStride) {
    for (int token = 0; token < tokens; token++) {
      long from = (long) token * STRIDE;
      int to = yOffset + token * yStride;
      MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, from, y, to, rows);
    }
  }
}
