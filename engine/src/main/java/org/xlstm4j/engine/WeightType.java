package org.xlstm4j.engine;

import java.util.Locale;
import java.util.Optional;

/** How the numbers of a weight matrix are stored. */
public enum WeightType {
  /** 32-bit IEEE floats, row-major. */
  F32,
  /** The upper 16 bits of a 32-bit float, row-major. */
  BF16,
  /** 16-bit IEEE floats, row-major. */
  F16,
  /** 8-bit integers with a scale per block, in panels. */
  Q8,
  /** 4-bit integers with a scale per block, in panels. */
  Q4;

  /** The name in options and configurations, such as {@code bf16}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The type with this {@link #label}, if there is one. */
  public static Optional<WeightType> labeled(String label) {
    for (WeightType type : values()) {
      if (type.label().equals(label)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Whether the weights come in panels of blocks, each with a scale. */
  public boolean isQuantized() {
    return this == Q8 || this == Q4;
  }
}
