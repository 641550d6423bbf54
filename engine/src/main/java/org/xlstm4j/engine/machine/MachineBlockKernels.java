package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.xlstm4j.engine.kernels.BlockKernels;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;
import org.xlstm4j.engine.machine.assembler.Listing;
import org.xlstm4j.engine.machine.assembler.Vector;

/**
 * {@link BlockKernels} as machine code: blocks of four, which the paper's models have, and blocks
 * of whole vectors of the widest size that divides them. Other sizes are left to the scalar loop.
 * Immutable and thread-safe.
 */
public final class MachineBlockKernels implements BlockKernels {
  /** Most bytes of weights of a call, which holds up garbage collection. */
  private static final int CALL_BYTES = 1 << 20;

  private static final int FOUR = 4;

  private final BlockKernels others = ScalarKernels.blocks();
  private final MachineLevel level;
  private final MemorySegment[] codes;

  private MachineBlockKernels(MachineLevel level, MemorySegment[] codes) {
    this.level = level;
    this.codes = codes;
  }

  static MachineBlockKernels make(MachineLevel level) {
    return of(level, listings(level));
  }

  /** In the order in which {@link #of} takes them: for fours, and for each size of vectors. */
  static List<Listing> listings(MachineLevel level) {
    List<Listing> listings = new ArrayList<>();
    listings.add(BlockListing.fours(level));
    for (int bytes = level.vectorBytes(); bytes >= Vector.YMM; bytes /= 2) {
      listings.add(BlockListing.wide(bytes));
    }
    return listings;
  }

  /** Which of the listings is for blocks of a size: the one with the widest vectors, or -1. */
  static int listingFor(MachineLevel level, int size) {
    int index = 1;
    for (int bytes = level.vectorBytes(); bytes >= Vector.YMM; bytes /= 2) {
      if (size * Float.BYTES % bytes == 0) {
        return index;
      }
      index++;
    }
    return size == FOUR ? 0 : -1;
  }

  static MachineBlockKernels of(MachineLevel level, List<Listing> listings) {
    return new MachineBlockKernels(level, CodeMemory.executable(listings));
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
    int lanes = level.vectorBytes() / Float.BYTES;
    int step = Math.max(CALL_BYTES / rowBytes, lanes) & -lanes;
    int kernel = listingFor(level, size);
    if (size == FOUR) {
      long parameter = (long) Float.BYTES * length;
      for (int from = 0; from < length; from += step) {
        int count = Math.min(step, length - from);
        call(codes[kernel], w, from, x, xOffset + from, y, yOffset + from, count, parameter);
      }
    } else if (kernel > 0) {
      long parameter = BlockListing.wideParameter(size, length);
      for (int block = 0; block < length; block += size) {
        for (int from = block; from < block + size; from += step) {
          int count = Math.min(step, block + size - from);
          call(codes[kernel], w, from, x, xOffset + block, y, yOffset + from, count, parameter);
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
