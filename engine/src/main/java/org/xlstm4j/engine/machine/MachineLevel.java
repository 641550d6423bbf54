package org.xlstm4j.engine.machine;

import java.util.Locale;
import java.util.Optional;
import org.xlstm4j.engine.machine.assembler.Vector;

/** What the kernels tell processors of x86-64 apart by, the least first. */
public enum MachineLevel {
  /** AVX2, FMA and F16C: vectors of 256 bits. */
  AVX2(Vector.YMM, false),
  /** Products of 8-bit integers besides, still of 256 bits. */
  AVX_VNNI(Vector.YMM, true),
  /** AVX-512 with its parts F, BW, DQ and VL: vectors of 512 bits. */
  AVX512(Vector.ZMM, false),
  /** Products of 8-bit integers besides. */
  AVX512_VNNI(Vector.ZMM, true),
  /** Tiles with products of 8-bit integers and of bfloat16 numbers besides. */
  AMX(Vector.ZMM, true);

  private final int vectorBytes;
  private final boolean integerProducts;

  MachineLevel(int vectorBytes, boolean integerProducts) {
    this.vectorBytes = vectorBytes;
    this.integerProducts = integerProducts;
  }

  /**
   * The level of a name.
   *
   * @param name such as {@code avx2} or {@code avx512-vnni}
   */
  static Optional<MachineLevel> of(String name) {
    for (MachineLevel level : values()) {
      if (level.toString().equals(name)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }

  /**
   * This level, or the highest one that is no higher than a cap and that this level has all of.
   *
   * @param cap the highest level wanted
   */
  MachineLevel atMost(MachineLevel cap) {
    if (cap.compareTo(this) >= 0) {
      return this;
    }
    return cap == AVX_VNNI ? AVX2 : cap;
  }

  /** Bytes of a vector: 32 or 64. */
  int vectorBytes() {
    return vectorBytes;
  }

  /** Whether there is {@code vpdpbusd}. */
  boolean hasIntegerProducts() {
    return integerProducts;
  }

  /** Whether there are tile registers. */
  boolean hasTiles() {
    return this == AMX;
  }

  /** The name that the property {@code xlstm4j.machine} takes. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
