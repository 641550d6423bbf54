package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.xlstm4j.engine.kernels.BlockKernels;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.KernelCode;

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
  private final int[] vectors;
  private final MemorySegment[] codes;

  private MachineBlockKernels(int[] vectors, MemorySegment[] codes) {
    this.vectors = vectors;
    this.codes = codes;
  }

  static MachineBlockKernels make(KernelCode code) {
    return of(code, listings(code));
  }

  /** In the order in which {@link #of} takes them: for fours, and for each size of vectors. */
  static List<Code> listings(KernelCode code) {
    List<Code> listings = new ArrayList<>();
    listings.add(code.blocksOfFour());
    for (int bytes : code.blockVectors()) {
      listings.add(code.wideBlocks(bytes));
    }
    return listings;
  }

  /** Which of the listings is for blocks of a size: the one with the widest vectors, or -1. */
  static int listingFor(KernelCode code, int size) {
    return listingFor(vectors(code), size);
  }

  private static int listingFor(int[] vectors, int size) {
    if (size == FOUR) {
      return 0;
    }
    for (int i = 0; i < vectors.length; i++) {
      if (size * Float.BYTES % vectors[i] == 0) {
        return 1 + i;
      }
    }
    return -1;
  }

  private static int[] vectors(KernelCode code) {
    return code.blockVectors().stream().mapToInt(Integer::intValue).toArray();
  }

  static MachineBlockKernels of(KernelCode code, List<? extends Code> listings) {
    return new MachineBlockKernels(vectors(code), CodeMemory.executable(listings));
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
    int lanes = vectors[0] / Float.BYTES;
    int step = Math.max(CALL_BYTES / rowBytes, lanes) & -lanes;
    int kernel = listingFor(vectors, size);
    if (size == FOUR) {
      long parameter = (long) Float.BYTES * length;
      for (int from = 0; from < length; from += step) {
        int count = Math.min(step, length - from);
        call(codes[kernel], w, from, x, xOffset + from, y, yOffset + from, count, parameter);
      }
    } else if (kernel > 0) {
      long parameter = ArrayRows.halves(length, size);
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
