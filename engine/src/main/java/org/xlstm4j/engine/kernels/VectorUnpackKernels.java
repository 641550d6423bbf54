package org.xlstm4j.engine.kernels;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link UnpackKernels} with the Vector API.
 *
 * <p>A weight becomes a float without being moved or converted: its bits in their place below an
 * exponent that makes its lowest bit count one are the float {@code base + weight}. Taking the base
 * off and multiplying by the scale is exact, because weights have at most 8 bits, scales 12, and
 * the bases that a multiplication and addition takes off 9.
 */
public final class VectorUnpackKernels implements UnpackKernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
  private static final int VECTOR_BYTES = I.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /** Bytes of a group of columns of a panel, and of its scale words. */
  private static final int LINE = SCALE_BYTES;

  private static final int HIGH_HALF = 0xffff0000;

  /** The lowest byte of a word below this exponent counts ones. */
  private static final int BYTE_0 = (127 + 23) << 23;

  /** The second byte of a word below this exponent counts ones. */
  private static final int BYTE_1 = (127 + 15) << 23;

  /** Turns the second byte from two's complement to offset binary. */
  private static final int OFFSET_1 = 0x8000;

  private static final float BASE_0 = 0x1p23f + 128;
  private static final float BASE_1 = 0x1p15f + 128;

  /** Fraction and exponent of a 4-bit block's scale words, in place in a 32-bit float. */
  private static final int Q4_SCALE_MASK = 0xffc0 << SCALE_SHIFT;

  /** Zero points are in quarters. */
  private static final float QUARTER = 0.25f;

  @Override
  public void q8(MemorySegment weights, long byteOffset, int half, int blocks, float[] panel) {
    for (int start = 0; start < LINE / 2; start += VECTOR_BYTES) {
      int row = start / Integer.BYTES;
      long words = byteOffset + (long) (LINE / 2) * half + start;
      for (int block = 0; block < blocks; block++, words += Q8_BLOCK) {
        IntVector scale = IntVector.fromMemorySegment(I, weights, words, ORDER);
        FloatVector low =
            scale.lanewise(LSHL, 16).lanewise(LSHR, 4).add(SCALE_BASE).reinterpretAsFloats();
        FloatVector high =
            scale.and(HIGH_HALF).lanewise(LSHR, 4).add(SCALE_BASE).reinterpretAsFloats();
        FloatVector lowBase = low.mul(-BASE_1);
        FloatVector highBase = high.mul(-BASE_1);
        int to = block * COLUMNS * (ROWS / 2) + row;
        for (int pair = 0; pair < COLUMNS / 2; pair++) {
          long at = words + LINE + (long) LINE * pair;
          IntVector w = IntVector.fromMemorySegment(I, weights, at, ORDER);
          int first = to + pair * ROWS;
          int second = first + ROWS / 2;
          w.and(0xff).or(BYTE_0).reinterpretAsFloats().sub(BASE_0).mul(low).intoArray(panel, first);
          w.and(0xff00)
              .lanewise(XOR, BYTE_1 | OFFSET_1)
              .reinterpretAsFloats()
              .fma(low, lowBase)
              .intoArray(panel, second);
          w.lanewise(LSHR, 8)
              .and(0xff00)
              .or(BYTE_1)
              .reinterpretAsFloats()
              .fma(high, highBase)
              .intoArray(panel, first + 16);
          w.lanewise(LSHR, 16)
              .and(0xff00)
              .lanewise(XOR, BYTE_1 | OFFSET_1)
              .reinterpretAsFloats()
              .fma(high, highBase)
              .intoArray(panel, second + 16);
        }
      }
    }
  }

  @Override
  public void q4(MemorySegment weights, long byteOffset, int half, int blocks, float[] panel) {
    for (int start = 0; start < LINE / 2; start += VECTOR_BYTES) {
      int row = start / Integer.BYTES;
      long words = byteOffset + (long) (LINE / 2) * half + start;
      for (int block = 0; block < blocks; block++, words += Q4_BLOCK) {
        IntVector scale = IntVector.fromMemorySegment(I, weights, words, ORDER);
        FloatVector low =
            scale
                .lanewise(LSHL, SCALE_SHIFT)
                .and(Q4_SCALE_MASK)
                .add(SCALE_BASE)
                .reinterpretAsFloats();
        FloatVector high =
            scale.lanewise(LSHR, 4).and(Q4_SCALE_MASK).add(SCALE_BASE).reinterpretAsFloats();
        FloatVector lowZero =
            ((FloatVector) scale.and(ZERO_MASK).convertShape(I2F, F, 0)).mul(-QUARTER).mul(low);
        FloatVector highZero =
            ((FloatVector) scale.lanewise(LSHR, 16).and(ZERO_MASK).convertShape(I2F, F, 0))
                .mul(-QUARTER)
                .mul(high);
        int to = block * COLUMNS * (ROWS / 2) + row;
        for (int group = 0; group < COLUMNS / 4; group++) {
          long at = words + LINE + (long) LINE * group;
          IntVector w = IntVector.fromMemorySegment(I, weights, at, ORDER);
          IntVector next = w.lanewise(LSHR, 16);
          for (int column = 0; column < 4; column++) {
            int mask = 15 << (4 * column);
            int exponent = (127 + 23 - 4 * column) << 23;
            float base = Float.intBitsToFloat(exponent);
            int place = to + (4 * group + column) * (ROWS / 2);
            w.and(mask)
                .or(exponent)
                .reinterpretAsFloats()
                .sub(base)
                .fma(low, lowZero)
                .intoArray(panel, place);
            next.and(mask)
                .or(exponent)
                .reinterpretAsFloats()
                .sub(base)
                .fma(high, highZero)
                .intoArray(panel, place + 16);
          }
        }
      }
    }
  }
}
