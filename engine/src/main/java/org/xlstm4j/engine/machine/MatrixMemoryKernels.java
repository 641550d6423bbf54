package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.engine.kernels.MlstmKernels;
import org.xlstm4j.engine.machine.assembler.Listing;

/** The matrix memory's steps of one to four tokens. Immutable and thread-safe. */
public final class MatrixMemoryKernels {
  /** Columns come in multiples of so many: the lanes of the widest vectors. */
  public static final int COLUMNS = 16;

  private final MemorySegment[] codes;

  private MatrixMemoryKernels(MemorySegment[] codes) {
    this.codes = codes;
  }

  static MatrixMemoryKernels make(MachineLevel level) {
    List<Listing> listings = new ArrayList<>();
    for (int tokens = 1; tokens <= MlstmKernels.MAX_TOKENS; tokens++) {
      listings.add(MatrixMemoryListing.of(level, tokens));
    }
    return of(listings);
  }

  /** Of the code for each number of tokens. */
  static MatrixMemoryKernels of(List<Listing> listings) {
    return new MatrixMemoryKernels(CodeMemory.executable(listings));
  }

  /**
   * Room for the operands.
   *
   * @param members how many threads compute together
   */
  public MatrixMemoryBuffers newBuffers(int members) {
    return new MatrixMemoryBuffers(this, members);
  }

  /**
   * Computes some columns of a head.
   *
   * @param memory holds C
   * @param offset where the first of the columns begins in row 0
   * @param arguments as {@link MatrixMemoryArguments} says
   */
  void step(int tokens, MemorySegment memory, long offset, MemorySegment arguments) {
    NativeCall.call(codes[tokens - 1], memory, offset, arguments.address(), 0, 0, 0);
  }
}
