package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.engine.kernels.ProbeKernels;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.KernelCode;
import org.xlstm4j.engine.machine.code.ProbeCode;

/** {@link ProbeKernels} as machine code, with vectors of all sizes that there are probes for. */
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

  MachineProbeKernels(KernelCode code) {
    code.probes().forEach(this::add);
  }

  private void add(ProbeCode probe) {
    for (int streams : STREAMS) {
      addWalks(probe, streams, 0);
    }
    addWalks(probe, PREFETCHED_STREAMS, AHEAD);
    multiplyAdds.add(computation(probe.multiplyAdd(), probe.products()));
    probe
        .tileMultiplyAdd()
        .ifPresent(code -> multiplyAdds.add(computation(code, probe.tileProducts())));
    integerMultiplyAdds.add(computation(probe.integerMultiplyAdd(), probe.integerProducts()));
  }

  private void addWalks(ProbeCode probe, int streams, int ahead) {
    reads.add(new Walk(code(probe.read(streams, ahead)), streams));
    updates.add(new Walk(code(probe.update(streams, ahead)), streams));
  }

  private static ArithmeticLoop computation(Code listing, int products) {
    MemorySegment code = code(listing);
    return new ArithmeticLoop(
        (x, rounds) -> NativeCall.call(code, MemorySegment.NULL, rounds, 0, 0, 0, 0), products);
  }

  private static MemorySegment code(Code listing) {
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
