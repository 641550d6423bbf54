package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.xlstm4j.engine.kernels.BlockKernels;
import org.xlstm4j.engine.kernels.ScalarBlockKernels;
import org.xlstm4j.engine.machine.assembler.Listing;

/**
 * {@link BlockKernels} as machine code: blocks of four, which the paper's models have, and blocks
 * of whole vectors. Other sizes are left to the scalar loop. Immutable and thread-safe.
 */
public final class MachineBlockKernels implements BlockKernels {
  /** Most bytes of weights of a call, which holds up garbage collection. */
  private static final int CALL_BYTES = 1 << 20;

  private static final int FOUR = 4;

  private final BlockKernels others = new ScalarBlockKernels();
  private final MemorySegment fours;
  private final MemorySegment wide;
  private final int lanes;

  private MachineBlockKernels(MemorySegment[] codes, int lanes) {
    this.fours = codes[0];
    this.wide = codes[1];
    this.lanes = lanes;
  }

  static MachineBlockKernels make(MachineLevel level) {
    return of(level, listings(level));
  }

  /** In the order in which {@link #of} takes them. */
  static List<Listing> listings(MachineLevel level) {
    return List.of(BlockListing.fours(level), BlockListing.wide(level));
  }

  static MachineBlockKernels of(MachineLevel level, List<Listing> listings) {
    return new MachineBlockKernels(
        CodeMemory.executable(listings), level.vectorBytes() / Float.BYTES);
  }

  @Override
  public void blocks(
      float[] w, int size, float[] x, int xOffset, int length, float[] y, int yOffset) {
    if (length % size != 0) {
      throw new IllegalArgumentException(length + " outputs in blocks of " + size);
    }
    Objects.checkFromIndexSize(0, Math.multiplyExact(size, length), w.length);
    Objects.checkFromIndexSize(xOffset, length, x.length);
    Objects.checkFromIndexSize(yOffset, length, y.length);
    int rowBytes = Float.BYTES * size;
    int step = Math.max(CALL_BYTES / rowBytes, lanes) & -lanes;
    if (size == FOUR) {
      long parameter = (long) Float.BYTES * length;
      for (int from = 0; from < length; from += step) {
        int count = Math.min(step, length - from);
        call(fours, w, from, x, xOffset + from, y, yOffset + from, count, parameter);
      }
    } else if (size % lanes == 0) {
      long parameter = BlockListing.wideParameter(size, length);
      for (int block = 0; block < length; block += size) {
        for (int from = block; from < block + size; from += step) {
          int count = Math.min(step, block + size - from);
          call(wide, w, from, x, xOffset + block, y, yOffset + from, count, parameter);
        }
      }
    } else {
      others.blocks(w, size, x, xOffset, length, y, yOffset);
    }
  }

  private static void call(
      MemorySegment kernel,
      float[] w,
      int wOffset,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      int count,
      long parameter) {
    ArrayCall.call(
        kernel,
        w,
        (long) Float.BYTES * wOffset,
        x,
        (long) Float.BYTES * xOffset,
        y,
        (long) Float.BYTES * yOffset,
        count,
        parameter);
  }
}
