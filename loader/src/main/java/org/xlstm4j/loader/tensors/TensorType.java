package org.xlstm4j.loader.tensors;

import org.jspecify.annotations.Nullable;

/**
 * The types of a tensor's elements, named as safetensors names them. Numbers are little-endian.
 *
 * <p>The loader converts the usual ones ({@link Tensor#toFloats()}, {@link Tensor#toLongs()}); the
 * others are known so that a file holding them can be opened and its layout checked.
 */
public enum TensorType {
  /** One byte a truth value: 0 or 1. */
  BOOL(8),
  /** 4-bit floats (MX). */
  F4(4),
  /** 6-bit floats with 2 exponent bits (MX). */
  F6_E2M3(6),
  /** 6-bit floats with 3 exponent bits (MX). */
  F6_E3M2(6),
  /** Unsigned bytes. */
  U8(8),
  /** Signed bytes. */
  I8(8),
  /** 8-bit floats with 5 exponent bits. */
  F8_E5M2(8),
  /** 8-bit floats with 4 exponent bits. */
  F8_E4M3(8),
  /** 8-bit powers of two. */
  F8_E8M0(8),
  /** 8-bit floats with 4 exponent bits, without infinities and negative zero. */
  F8_E4M3FNUZ(8),
  /** 8-bit floats with 5 exponent bits, without infinities and negative zero. */
  F8_E5M2FNUZ(8),
  /** Signed 16-bit integers. */
  I16(16),
  /** Unsigned 16-bit integers. */
  U16(16),
  /** 16-bit IEEE floats. */
  F16(16),
  /** The upper 16 bits of a 32-bit IEEE float. */
  BF16(16),
  /** Signed 32-bit integers. */
  I32(32),
  /** Unsigned 32-bit integers. */
  U32(32),
  /** 32-bit IEEE floats. */
  F32(32),
  /** Complex numbers of two 32-bit IEEE floats. */
  C64(64),
  /** 64-bit IEEE floats. */
  F64(64),
  /** Signed 64-bit integers. */
  I64(64),
  /** Unsigned 64-bit integers. */
  U64(64);

  private final int bits;

  TensorType(int bits) {
    this.bits = bits;
  }

  /** Bits an element takes in the file. */
  public int bits() {
    return bits;
  }

  /**
   * Bytes a tensor of this type and shape takes.
   *
   * @param shape lengths of the dimensions, none negative
   * @return the number of bytes, or -1 if it is no whole number of bytes or does not fit a long
   */
  public long bytes(long[] shape) {
    long total = bits;
    for (long length : shape) {
      if (Math.multiplyHigh(total, length) != 0 || total * length < 0) {
        return -1;
      }
      total *= length;
    }
    return total % 8 == 0 ? total / 8 : -1;
  }

  /** The type with this name in a safetensors header, or null. */
  public static @Nullable TensorType named(String name) {
    for (TensorType type : values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    return null;
  }
}
