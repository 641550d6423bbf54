package org.xlstm4j.engine.weights;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.KernelPath;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.machine.Machine;
import org.xlstm4j.engine.machine.ProductKernels;
import org.xlstm4j.engine.machine.SplitTiles;
import org.xlstm4j.engine.machine.code.WeightFormat;

/**
 * The machine code that multiplies weights, by their type; each kind is asked for once a process.
 * Thread-safe.
 */
@SuppressWarnings("EnumOrdinal") // the cheapest map, also while the JVM is cold
final class MachineProducts {
  private static final AtomicReferenceArray<@Nullable Found> FEW =
      new AtomicReferenceArray<>(WeightType.values().length);

  private static final AtomicReferenceArray<@Nullable Found> GROUPS =
      new AtomicReferenceArray<>(WeightType.values().length);

  private static volatile @Nullable FoundTiles tiles;

  private record FoundTiles(@Nullable SplitTiles kernels) {}

  private record Found(@Nullable ProductKernels kernels) {}

  private MachineProducts() {}

  /** The kernels for a few tokens; null where there is no machine code for the type. */
  static @Nullable ProductKernels ofFewTokens(WeightType type) {
    Found found = FEW.get(type.ordinal());
    if (found == null) {
      boolean machine = KernelPath.inUse() == KernelPath.MACHINE;
      found = new Found(machine ? Machine.ofProcess().products(format(type)) : null);
      FEW.set(type.ordinal(), found);
    }
    return found.kernels;
  }

  /** The same for any number of tokens. */
  static @Nullable ProductKernels ofGroups(WeightType type) {
    Found found = GROUPS.get(type.ordinal());
    if (found == null) {
      ProductKernels few = ofFewTokens(type);
      ProductKernels groups = few == null ? null : Machine.ofProcess().groupProducts(format(type));
      found = new Found(groups == null ? few : groups);
      GROUPS.set(type.ordinal(), found);
    }
    return found.kernels;
  }

  /** The kernels for floats in tiles; null where there are none. */
  static @Nullable SplitTiles splitTiles() {
    FoundTiles found = tiles;
    if (found == null) {
      boolean machine = KernelPath.inUse() == KernelPath.MACHINE;
      found = new FoundTiles(machine ? Machine.ofProcess().splitTiles() : null);
      tiles = found;
    }
    return found.kernels;
  }

  private static WeightFormat format(WeightType type) {
    return WeightFormat.valueOf(type.name());
  }
}
