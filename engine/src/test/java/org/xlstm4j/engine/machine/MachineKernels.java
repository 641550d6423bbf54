package org.xlstm4j.engine.machine;

import java.util.List;
import java.util.function.Function;
import org.xlstm4j.engine.kernels.MathKernels;
import org.xlstm4j.engine.kernels.TileKernels;

/** Kernels in machine code for each level that this machine has, for tests of what they compute. */
public final class MachineKernels {
  private MachineKernels() {}

  /** Elementwise functions and sums. */
  public static List<MathKernels> math() {
    return forEachLevel(MachineMathKernels::make);
  }

  /** Dense products with many tokens. */
  public static List<TileKernels> tiles() {
    return forEachLevel(MachineTileKernels::make);
  }

  private static <K> List<K> forEachLevel(Function<MachineLevel, K> maker) {
    return Execution.natives().stream().map(Execution::level).map(maker).toList();
  }
}
