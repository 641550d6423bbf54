package org.xlstm4j.models;

import java.util.EnumSet;
import java.util.Set;
import org.xlstm4j.engine.KernelPath;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.loader.Checkpoint;
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
      WeightType type = tensor.shape().length < 2 ? null : tensor.weightType();
      if (type != null) {
        types.add(type);
      }
    }
    KernelPath.prepare(types.toArray(WeightType[]::new));
  }
}
