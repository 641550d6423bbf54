package org.xlstm4j.engine.machine;

import java.util.List;
import java.util.function.Function;
import org.xlstm4j.engine.kernels.GridKernels;
import org.xlstm4j.engine.kernels.HalfKernels;
import org.xlstm4j.engine.kernels.MathKernels;
import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.kernels.UnpackKernels;

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

  /** Quantized weights for many tokens. */
  public static List<UnpackKernels> unpacking() {
    return forEachLevel(MachineUnpackKernels::make);
  }

  /** 16-bit weights for many tokens. */
  public static List<HalfKernels> halves() {
    return forEachLevel(MachineHalfKernels::make);
  }

  /** Convolutions over grids. */
  public static List<GridKernels> grids() {
    return forEachLevel(MachineGridKernels::make);
  }

  private static <K> List<K> forEachLevel(Function<MachineLevel, K> maker) {
    return Execution.natives().stream().map(Execution::level).map(maker).toList();
  }
}
