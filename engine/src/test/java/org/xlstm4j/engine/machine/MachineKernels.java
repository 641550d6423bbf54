package org.xlstm4j.engine.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.xlstm4j.engine.kernels.BlockKernels;
import org.xlstm4j.engine.kernels.GridKernels;
import org.xlstm4j.engine.kernels.HalfKernels;
import org.xlstm4j.engine.kernels.MathKernels;
import org.xlstm4j.engine.kernels.MlstmKernels;
import org.xlstm4j.engine.kernels.SlstmKernels;
import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.kernels.UnpackKernels;
import org.xlstm4j.engine.machine.code.KernelCode;

/** Kernels of machine code behind others, for each level that this machine has. */
public final class MachineKernels {
  private MachineKernels() {}

  /** Elementwise functions and norms. */
  public static List<MathKernels> math(MathKernels... others) {
    return behind(others, MachineMathKernels::make);
  }

  /** The mLSTM's steps. */
  public static List<MlstmKernels> mlstm(MlstmKernels... others) {
    return behind(others, MachineMlstmKernels::make);
  }

  /** The sLSTM. */
  public static List<SlstmKernels> slstm(SlstmKernels... others) {
    return behind(others, MachineSlstmKernels::make);
  }

  /** Products with block-diagonal weights. */
  public static List<BlockKernels> blocks(BlockKernels... others) {
    return behind(others, MachineBlockKernels::make);
  }

  /** Dense products with many tokens. */
  public static List<TileKernels> tiles(TileKernels... others) {
    return behind(others, MachineTileKernels::make);
  }

  /** Quantized weights for many tokens. */
  public static List<UnpackKernels> unpacking(UnpackKernels... others) {
    return behind(others, MachineUnpackKernels::make);
  }

  /** 16-bit weights for many tokens. */
  public static List<HalfKernels> halves(HalfKernels... others) {
    return behind(others, MachineHalfKernels::make);
  }

  /** Convolutions over grids. */
  public static List<GridKernels> grids(GridKernels... others) {
    return behind(others, MachineGridKernels::make);
  }

  private static <K> List<K> behind(K[] others, Function<KernelCode, ? extends K> maker) {
    List<K> all = new ArrayList<>(List.of(others));
    for (Execution execution : Execution.natives()) {
      all.add(maker.apply(execution.code()));
    }
    return all;
  }
}
