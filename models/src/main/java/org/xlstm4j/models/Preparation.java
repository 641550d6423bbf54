package org.xlstm4j.models;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.KernelPath;
import org.xlstm4j.engine.weights.WeightType;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.tensors.Packing;
import org.xlstm4j.loader.tensors.Tensor;

/** Has kernels made in the background while a model is read and put together. */
final class Preparation {
  private Preparation() {}

  /** Begins before anything is known of the weights. */
  static void begin() {
    KernelPath.prepare();
  }

  /** Begins once the weights are known. */
  static void begin(Checkpoint checkpoint) {
    Set<WeightType> types = EnumSet.noneOf(WeightType.class);
    for (Tensor tensor : checkpoint) {
      WeightType type = tensor.shape().length < 2 ? null : type(tensor);
      if (type != null) {
        types.add(type);
      }
    }
    KernelPath.prepare(types.toArray(WeightType[]::new));
  }

  private static @Nullable WeightType type(Tensor tensor) {
    Packing packing = tensor.packing();
    if (packing != null) {
      return packing.type();
    }
    return switch (tensor.type()) {
      case F32 -> WeightType.F32;
      case BF16 -> WeightType.BF16;
      case F16 -> WeightType.F16;
      default -> null;
    };
  }
}
