package org.xlstm4j.engine.kernels.vector;

import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.xlstm4j.engine.kernels.ProbeKernels;

/**
 * {@link ProbeKernels} with the Vector API, with vectors of at most 256 bits and with the widest
 * that the processor has: some are faster with the one, some with the other.
 */
final class VectorProbeKernels implements ProbeKernels {
  /** Vectors of at most 256 bits. */
  static final VectorSpecies<Float> HALF =
      FloatVector.SPECIES_PREFERRED.vectorBitSize() > 256
          ? FloatVector.SPECIES_256
          : FloatVector.SPECIES_PREFERRED;

  private static final boolean WIDER = HALF != FloatVector.SPECIES_PREFERRED;

  @Override
  public List<MemoryLoop> reads() {
    return withWidest(
        VectorReadLoops::widest,
        List.of(
            VectorReadLoops::oneStream,
            VectorReadLoops::twoStreams,
            VectorReadLoops::fourStreams,
            VectorReadLoops::eightStreams,
            VectorReadLoops::rows));
  }

  @Override
  public List<MemoryLoop> updates() {
    return withWidest(
        VectorUpdateLoops::widest,
        List.of(
            VectorUpdateLoops::oneStream,
            VectorUpdateLoops::twoStreams,
            VectorUpdateLoops::fourStreams));
  }

  @Override
  public List<ArithmeticLoop> multiplyAdds() {
    return withWidest(
        new ArithmeticLoop(VectorMultiplyAddLoops::widest, products(VectorMultiplyAddLoops.F)),
        List.of(
            new ArithmeticLoop(VectorMultiplyAddLoops::half, products(VectorMultiplyAddLoops.H))));
  }

  @Override
  public List<ArithmeticLoop> integerMultiplyAdds() {
    return withWidest(
        new ArithmeticLoop(
            VectorMultiplyAddLoops::widestIntegers, products(VectorMultiplyAddLoops.S)),
        List.of(
            new ArithmeticLoop(
                VectorMultiplyAddLoops::halfIntegers, products(VectorMultiplyAddLoops.SH))));
  }

  private static int products(VectorSpecies<?> species) {
    return VectorMultiplyAddLoops.SUMS * species.length();
  }

  /** The loops, and the one with the widest vectors if these are wider. */
  private static <T> List<T> withWidest(T widest, List<T> loops) {
    List<T> all = new ArrayList<>(loops);
    if (WIDER) {
      all.add(widest);
    }
    return all;
  }
}
