package org.xlstm4j.engine.machine;

import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.engine.kernels.BlockKernels;
import org.xlstm4j.engine.kernels.MathKernels;
import org.xlstm4j.engine.kernels.MlstmKernels;
import org.xlstm4j.engine.kernels.SlstmKernels;

/** Kernels of machine code next to others, at all levels that this machine has. */
public final class MachineKernels {
  private MachineKernels() {}

  /** Those of the mLSTM behind others. */
  public static List<MlstmKernels> mlstm(MlstmKernels... others) {
    List<MlstmKernels> all = new ArrayList<>(List.of(others));
    for (Execution execution : Execution.natives()) {
      all.add(MachineMlstmKernels.make(execution.level()));
    }
    return all;
  }

  /** Those of the sLSTM behind others. */
  public static List<SlstmKernels> slstm(SlstmKernels... others) {
    List<SlstmKernels> all = new ArrayList<>(List.of(others));
    for (Execution execution : Execution.natives()) {
      all.add(MachineSlstmKernels.make(execution.level()));
    }
    return all;
  }

  /** Those for block-diagonal weights behind others. */
  public static List<BlockKernels> blocks(BlockKernels... others) {
    List<BlockKernels> all = new ArrayList<>(List.of(others));
    for (Execution execution : Execution.natives()) {
      all.add(MachineBlockKernels.make(execution.level()));
    }
    return all;
  }

  /** Elementwise functions and sums behind others. */
  public static List<MathKernels> math(MathKernels... others) {
    List<MathKernels> all = new ArrayList<>(List.of(others));
    for (Execution execution : Execution.natives()) {
      all.add(MachineMathKernels.make(execution.level()));
    }
    return all;
  }
}
