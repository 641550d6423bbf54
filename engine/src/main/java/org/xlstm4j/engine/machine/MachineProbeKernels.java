package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.engine.kernels.ProbeKernels;
import org.xlstm4j.engine.machine.assembler.Listing;
import org.xlstm4j.engine.machine.assembler.Tile;
import org.xlstm4j.engine.machine.assembler.Vector;

/** {@link ProbeKernels} as machine code, with vectors of 256 bits and with the widest there are. */
public final class MachineProbeKernels implements ProbeKernels {
  private static final int[] STREAMS = {1, 2, 4, 8};

  /**
   * Streams of the loops that ask for lines ahead, and how many bytes ahead: from memory the best
   * of those tried on an Intel Emerald Rapids, where it updates 1.05 times as fast.
   */
  private static final int PREFETCHED_STREAMS = 4;

  private static final int AHEAD = 1024;

  /** Bytes of a call, which holds up garbage collection. */
  private static final long CALL_BYTES = 2L << 20;

  private final List<MemoryLoop> reads = new ArrayList<>();
  private final List<MemoryLoop> updates = new ArrayList<>();
  private final List<ArithmeticLoop> multiplyAdds = new ArrayList<>();
  private final List<ArithmeticLoop> integerMultiplyAdds = new ArrayList<>();

  MachineProbeKernels(MachineLevel level) {
    add(Vector.YMM, level == MachineLevel.AVX_VNNI);
    if (level.vectorBytes() > Vector.YMM) {
      add(level.vectorBytes(), level.hasIntegerProducts());
    }
    if (level.hasTiles()) {
      addTiles();
    }
  }

  /**
   * Of a float and a weight of 16 bits, which takes a product for each part of the float. Not of
   * integers: tiles multiply them in less time than the vectors need to scale the sums of a block.
   */
  private void addTiles() {
    int products = ProbeListing.TILES * Tile.ROWS * Tile.ROWS * SplitTiles.COLUMNS;
    multiplyAdds.add(computation(ProbeListing.tiles(), products / SplitTiles.PARTS));
  }

  private void add(int vectorBytes, boolean integerProducts) {
    for (int streams : STREAMS) {
      addWalks(vectorBytes, streams, 0);
    }
    addWalks(vectorBytes, PREFETCHED_STREAMS, AHEAD);
    int lanes = vectorBytes / Float.BYTES;
    multiplyAdds.add(
        computation(ProbeListing.multiplyAdd(vectorBytes), ProbeListing.SUMS * lanes));
    integerMultiplyAdds.add(
        computation(
            ProbeListing.integerMultiplyAdd(vectorBytes, integerProducts),
            ProbeListing.SUMS * vectorBytes));
  }

  private void addWalks(int vectorBytes, int streams, int ahead) {
    reads.add(new Walk(code(ProbeListing.read(vectorBytes, streams, ahead)), streams));
    updates.add(new Walk(code(ProbeListing.update(vectorBytes, streams, ahead)), streams));
  }

  private static ArithmeticLoop computation(Listing listing, int products) {
    MemorySegment code = code(listing);
    return new ArithmeticLoop(
        (x, rounds) -> NativeCall.call(code, MemorySegment.NULL, rounds, 0, 0, 0, 0),
        products);
  }

  private static MemorySegment code(Listing listing) {
    return CodeMemory.executable(List.of(listing))[0];
  }

  @Override
  public List<MemoryLoop> reads() {
    return List.copyOf(reads);
  }

  @Override
  public List<MemoryLoop> updates() {
    return List.copyOf(updates);
  }

  @Override
  public List<ArithmeticLoop> multiplyAdds() {
    return List.copyOf(multiplyAdds);
  }

  @Override
  public List<ArithmeticLoop> integerMultiplyAdds() {
    return List.copyOf(integerMultiplyAdds);
  }

  /**
   * A loop over memory, in pieces.
   *
   * @param streams that the loop walks over side by side
   */
  private record Walk(MemorySegment code, int streams) implements MemoryLoop {
    @Override
    public float run(MemorySegment memory, long from, long to) {
      for (long at = from; at < to; at += CALL_BYTES) {
        long bytes = Math.min(CALL_BYTES, to - at);
        NativeCall.call(code, memory, at, bytes / streams, 0, 0, 0);
      }
      return 0;
    }
  }
}
