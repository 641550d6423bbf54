package org.xlstm4j.engine.machine;

import java.util.List;
import org.xlstm4j.engine.kernels.MathKernels;

/** Kernels in machine code for each level that this machine has, for tests of what they compute. */
public final class MachineKernels {
  private MachineKernels() {}

  /** Elementwise functions and sums. */
  public static List<MathKernels> math() {
    return Execution.natives().stream()
        .<MathKernels>map(execution -> MachineMathKernels.make(execution.level()))
        .toList();
  }
}
